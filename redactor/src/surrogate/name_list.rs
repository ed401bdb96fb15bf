//! Names of people, by language and gender.
//!
//! Common names that are no words of their language, so that one in an answer is meant as a name.

/// The names of one language, with spaces between them.
pub(super) struct Language {
    pub(super) female: &'static str,
    pub(super) male: &'static str,
    pub(super) surnames: &'static str,
}

/// Where neither language nor gender is known.
pub(super) static NEUTRAL: Language = Language {
    female: UNISEX,
    male: UNISEX,
    surnames: "Alander Bergmann Castell Delmar Ekberg Falkner Gardell Hollander Ivarsen Jansson \
            Kessler Lindqvist Moretti Nordahl Olander Petersen Quist Rosander Salander \
            Tomasson Ulmann Valentin Westberg Zander Almeda Brandell Corvin Dahlmann \
            Ellwanger Fossum Grandell Hartwell",
};

const UNISEX: &str = "\
    Alexis Andrea Ariel Camille Dominique Eike Francis Gabriele Jamie Jocelyn Kerry Leslie \
    Marian Maxime Morgan Nikita Noor Quinn Rene Robin Sascha Shannon Sidney Tatum Toni Valery \
    Yannick Zephyr";

/// A row a language: English, German, French, Spanish, Italian, Dutch, Portuguese, Polish.
pub(super) static LANGUAGES: [Language; 8] = [
    Language {
        female: "Abigail Beatrice Caroline Deborah Eleanor Fiona Georgina Harriet Imogen Jessica \
            Katherine Lindsay Margaret Naomi Olivia Penelope Rachel Samantha Tabitha Vanessa \
            Winifred Jane Emily Sarah Mary Linda Susan Karen Lisa Nancy Sandra Ashley Emma \
            Amy Laura Anne Elizabeth Jennifer",
        male: "Adrian Benjamin Christopher Desmond Edmund Frederick Gregory Howard Isaac \
            Jonathan Kenneth Leonard Matthew Nathaniel Oliver Patrick Raymond Stephen Timothy \
            Vincent Walter John James Michael Robert William David Richard Joseph Thomas \
            Charles Daniel Anthony Andrew George Edward Brian Kevin",
        surnames: "\
            Abernathy Blackwood Calloway Davenport Ellsworth Fairbanks Gallagher Harrington \
            Ingleton Jennings Kensington Lockhart Merriweather Northcott Osgood Pemberton Quimby \
            Radcliffe Sheffield Thornbury Underhill Vickers Whitaker Yardley Ashcombe Bramwell \
            Cadwell Dunmore Everleigh Fitzroy Greaves Holloway",
    },
    Language {
        female: "Annegret Birgit Claudia Dorothea Elfriede Friederike Gisela Heike Ingrid Jutta \
            Katharina Liselotte Monika Nadja Ottilie Petra Renate Sabine Theresa Ulrike Vera \
            Waltraud Anna Johanna Maria Ursula Brigitte Susanne Nicole Stefanie Lena Hannah \
            Karin Helga Christina Silke Anja Martina",
        male: "Andreas Burkhard Christoph Dietmar Eberhard Friedrich Gerhard Helmut Ingo Joachim \
            Klaus Lothar Manfred Norbert Ottmar Philipp Reinhard Siegfried Thorsten Ulrich \
            Volker Wolfgang Hans Johannes Peter Stefan Thomas Jürgen Günter Werner Horst Uwe \
            Sebastian Florian Lukas Felix Matthias Markus",
        surnames: "Achterberg Breitkopf Clausen Dornfeld Eichhorst Frankenfeld Giesecke Hagedorn \
            Immenhof Jungbluth Kirchhoff Lautenbach Mittelstedt Niederhausen Oberlander \
            Pfefferkorn Quandt Reichenau Sonnenfeld Tiedemann Uhlenbrock Vogelsang Wiesenthal \
            Ziegenhals Altenburger Brinkhoff Dettmering Ehrenreich Feldkamp Grothaus Hellwege \
            Kronsbein",
    },
    Language {
        female: "Amandine Bernadette Colette Delphine Estelle Florence Genevieve Helene Isabelle \
            Josephine Laurence Mathilde Nathalie Odette Pauline Raphaelle Sandrine Therese \
            Veronique Yvette Sylvie Marie Jeanne Chantal Catherine Françoise Monique Céline \
            Aurélie Élodie Manon Léa Chloé Margaux Martine Juliette",
        male: "Antoine Bertrand Christophe Didier Etienne Fabrice Guillaume Hubert Jacques \
            Laurent Matthieu Nicolas Olivier Philippe Quentin Raphael Sebastien Thierry \
            Urbain Vivien Xavier Jean Pierre Thibault Michel Alain Bernard Marcel André \
            François Gérard Julien Alexandre Romain Hugo Luc Sébastien",
        surnames: "\
            Aubertin Beaulieu Chastagnier Desrosiers Escoffier Fontanel Girardot Hautecoeur \
            Jacquemin Kermarec Lachapelle Montclair Nogaret Ormesson Pontcarre Quesnel \
            Rochambeau Sauvageot Thibodeau Vaillancourt Vermandois Bellerose Courcelles Dubreuil \
            Fauconnier Grandmaison Lamoureux Marchenoir Peltier Roussillon Valdombre Villedieu",
    },
    Language {
        female: "\
            Adriana Beatriz Catalina Dolores Esperanza Fernanda Guadalupe Inmaculada Josefina \
            Leticia Marisol Natividad Ofelia Patricia Remedios Socorro Teresita Ursula Yolanda \
            Ximena Marta Carmen Lucia Ines María Isabel Pilar Elena Rosario Cristina Silvia \
            Lucía Paula Sofía Mercedes Raquel",
        male: "Alejandro Bernardo Cristobal Domingo Esteban Fernando Gonzalo Hernando Ignacio \
            Joaquin Leandro Mauricio Nicanor Octavio Pascual Rodrigo Salvador Tomas Vicente \
            Jose Juan Ramiro Lisandro Eusebio José Antonio Manuel Francisco Javier Carlos \
            Miguel Rafael Pedro Ángel Luis Diego Pablo Sergio",
        surnames: "\
            Aguilera Barrientos Castellanos Dominguez Echeverria Fuentealba Guerrero Hinojosa \
            Izquierdo Jaramillo Labarca Montenegro Navarrete Olivares Palomares Quintanilla \
            Riquelme Sepulveda Torrealba Urrutia Valdivieso Yanguas Zamorano Arriagada \
            Bustamante Carrasquilla Escalante Figueroa Galdames Llorente Maldonado Villalobos",
    },
    Language {
        female: "Antonella Benedetta Chiara Donatella Elisabetta Federica Giuseppina Ilaria \
            Loredana Mariangela Nicoletta Ornella Patrizia Raffaella Simonetta Tiziana \
            Valentina Viola Alessia Giulia Francesca Martina Caterina Ludovica Paola Sara \
            Roberta Daniela Monica Aurora Giorgia Rosa Eleonora Michela",
        male: "Alessandro Bartolomeo Claudio Davide Emanuele Fabrizio Giacomo Ivano Lorenzo \
            Massimiliano Nicola Ottavio Pierluigi Raffaele Stefano Tommaso Umberto Valerio \
            Marco Giuseppe Giovanni Luigi Paolo Gianluca Mario Francesco Roberto Matteo Luca \
            Simone Federico Riccardo Vincenzo Salvatore Angelo Enrico",
        surnames: "Abbatangelo Bevilacqua Castiglione Dellarocca Esposito Fumagalli Giambruno \
            Iannuzzi Lombardini Montefusco Napoletano Ottaviani Pellegrino Quattrocchi \
            Rinaldini Santacroce Tagliaferri Ungaretti Vallefuoco Zanardelli Bonaventura \
            Cavalcanti Delvecchio Ferrarini Guicciardi Malatesta Nardelli Passarelli Ruggeri \
            Sforzini Trevisan Venturelli",
    },
    Language {
        female: "Aaltje Baukje Cornelia Dieuwertje Emmelie Femke Geertruida Hendrika Ineke Jacoba \
            Kaatje Liesbeth Marloes Neeltje Petronella Roelien Saskia Tjitske Willemijn Yfke \
            Anneke Marijke Sanne Lotte Wilhelmina Sophie Eva Esther Mirjam Fleur Janneke \
            Maaike Ilse Geertje",
        male: "Adriaan Bastiaan Cornelis Diederik Evert Floris Gijsbert Hendrik Ijsbrand Jeroen \
            Koenraad Lodewijk Maarten Niels Pieter Reinier Sjoerd Teunis Willem Wouter Daan \
            Joost Marnix Ruben Jan Johan Kees Henk Gerrit Bram Sander Jasper Thijs Lars Sven \
            Bas Dirk",
        surnames: "Aldenkamp Boterblom Cuypers Dijkgraaf Elzinga Fokkema Groeneveld Hoogendoorn \
            Ijzerman Jongsma Kloosterman Lagerwerf Meijerink Nieuwenhuis Oosterhof Plantinga \
            Roodenburg Schoonhoven Terpstra Uittenbogaard Vlaanderen Westerveld Zijlstra \
            Bloemendaal Ruijgrok Hartkamp Kortekaas Langeveld Noordhoek Rietveld Spaargaren \
            Wagenaar",
    },
    Language {
        female: "Aparecida Benedita Conceicao Dulcineia Eduarda Filipa Graciela Heloisa Iracema \
            Joana Leonor Madalena Noemia Otilia Raquel Sofia Teresinha Vitoria Zulmira \
            Catarina Mariana Margarida Luisa Ana Inês Carolina Rita Fernanda Juliana Patrícia \
            Camila Letícia Larissa Helena",
        male: "Afonso Baltazar Caetano Duarte Estevao Frederico Goncalo Henrique Inacio Joaquim \
            Leonel Martim Nuno Osvaldo Rodolfo Sebastiao Tiago Vasco Xisto Joao Paulo Luiz \
            Thiago Renato António João Rui Luís Ricardo Marcelo Gustavo Felipe Bruno Fábio",
        surnames: "Albuquerque Bittencourt Carvalhal Damasceno Evangelista Figueiredo Guimaraes \
            Hermenegildo Junqueira Lacerda Magalhaes Nascimento Oliveiros Penteado Queiroga \
            Rebelo Sampaio Tavares Uchoa Vasconcelos Ximenes Zagalo Antunes Barbosa Cordovil \
            Esteves Fonseca Gouveia Lourenco Meireles Quaresma Siqueira",
    },
    Language {
        female: "Agnieszka Bozena Danuta Elzbieta Grazyna Halina Irena Jadwiga Krystyna Ludmila \
            Malgorzata Natalia Oliwia Paulina Renata Stanislawa Teresa Urszula Wanda Zofia \
            Katarzyna Magdalena Joanna Ewelina Ewa Barbara Aleksandra Zuzanna Hanna Beata \
            Dorota Agata Karolina Iwona",
        male: "Andrzej Boguslaw Czeslaw Dariusz Eugeniusz Grzegorz Henryk Ireneusz Jaroslaw \
            Kazimierz Leszek Mieczyslaw Norbert Pawel Ryszard Slawomir Tadeusz Waldemar \
            Zbigniew Krzysztof Piotr Tomasz Jakub Wojciech Stanisław Marek Michał Łukasz \
            Mateusz Adam Marcin Maciej Kamil Rafał Jerzy Jacek",
        surnames: "\
            Adamczyk Brzozowski Cieslak Domagalski Filipowicz Grabowiecki Hajduk Idzikowski \
            Jasinski Kaczorowski Lewandowicz Maciejewski Niedzielski Olszanski Piotrowicz \
            Radziszewski Sobczak Tomaszewicz Urbaniak Wisniowiecki Zawadzki Bartosiewicz \
            Chmielarz Dudziak Gorecki Jablonowski Kubiak Leszczynski Modrzewski Nowicki \
            Przybylski Stachowiak",
    },
];

/// Beginnings and endings that give any number of further names.
pub(super) const SURNAME_STEMS: &str = "\
    Aldr Bern Corv Dahl Ekl Fred Garl Holm Isl Jorg Karl Lind Mald Nord Osw Perr Rand Sand Torv \
    Ulv Vand Wald";
pub(super) const SURNAME_ENDINGS: &str =
    "ander berg ensen erhof ett evik inger ini mann ovic qvist sted";

/// Titles, which stand with names and are none, in any letter case.
pub(super) const TITLES: &str = "\
    mr mrs ms miss mx dr prof professor jr sr phd md esq herr frau dipl ing monsieur madame mme \
    mlle maître señor señora sra srta signor signora sig dott avv meneer mevrouw dhr mevr senhor \
    senhora pani ii iii";

/// What joins the parts of a name, where it is written small; with a capital it may be a name.
pub(super) const PARTICLES: &str = "\
    van von der den de del della di da das do dos du des la le el al bin ibn ben zu zum zur ter \
    ten te und and et e y i af av s the don doña dom dona pan";
