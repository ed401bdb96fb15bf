//! The table of telling words, in twelve languages.
//!
//! A word ending in `*` stands for all words that begin with it. Words of Chinese and Japanese are
//! looked up as pairs of characters. Function words are the commonest of each language; what a
//! message asks for is told by the verbs people use for it.

use std::{collections::BTreeMap, sync::LazyLock};

use super::{
    language::{Language, Languages},
    task::{Domain, Task},
};

/// What a word tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// Languages in Latin letters that it belongs to.
    pub(super) languages: Languages,
    /// What it asks for.
    pub(super) task: Option<Task>,
    /// What it is about.
    pub(super) domain: Option<Domain>,
}

/// The entry of a lower-case word in UTF-8.
pub(super) fn find(word: &[u8]) -> Option<&'static Entry> {
    TABLE.find(word)
}

/// Longer words are cut before they are looked up.
pub(super) const LONGEST: usize = 24;

static TABLE: LazyLock<Table> = LazyLock::new(Table::build);

/// Words in order. No word begins with a stem, so that the greatest row not above a word decides.
struct Table {
    rows: Vec<Row>,
    /// Where the rows begin whose word has these first two bytes: a word is compared with few rows.
    starts: Vec<u16>,
}

struct Row {
    word: &'static str,
    is_stem: bool,
    entry: Entry,
}

impl Table {
    fn build() -> Self {
        let mut entries: BTreeMap<&'static str, Entry> = BTreeMap::new();
        for (language, words) in FUNCTION_WORDS {
            for word in words.split_whitespace() {
                let entry = entries.entry(word).or_default();
                entry.languages = entry.languages.and(Languages::of(&[*language]));
            }
        }
        for (task, languages, words) in TASKS {
            for word in words.split_whitespace() {
                let entry = entries.entry(word).or_default();
                entry.languages = entry.languages.and(Languages::of(languages));
                entry.task.get_or_insert(*task);
            }
        }
        for (domain, words) in DOMAINS {
            for word in words.split_whitespace() {
                entries
                    .entry(word)
                    .or_default()
                    .domain
                    .get_or_insert(*domain);
            }
        }
        let mut rows: Vec<Row> = entries
            .into_iter()
            .map(|(word, entry)| Row {
                word: word.trim_end_matches('*'),
                is_stem: word.ends_with('*'),
                entry,
            })
            .collect();
        rows.sort_by_key(|row| row.word);
        let mut starts = Vec::with_capacity(STARTS);
        let mut before = 0_u16;
        for bytes in 0..STARTS {
            let is_before = |at: u16| {
                let row = rows.get(usize::from(at));
                row.is_some_and(|row| first_bytes(row.word.as_bytes()) < bytes)
            };
            while is_before(before) {
                before += 1;
            }
            starts.push(before);
        }
        Self { rows, starts }
    }

    fn find(&self, word: &[u8]) -> Option<&Entry> {
        let bytes = first_bytes(word);
        let from = usize::from(*self.starts.get(bytes)?);
        let to = usize::from(*self.starts.get(bytes + 1)?);
        let same_start = self.rows.get(from..to)?;
        let above = same_start.partition_point(|row| row.word.as_bytes() <= word);
        let row = same_start.get(above.checked_sub(1)?)?;
        let known = row.word.as_bytes();
        let found = known == word || row.is_stem && word.starts_with(known);
        found.then_some(&row.entry)
    }
}

/// The first two bytes as a number, in the order of words; every word of the table has them.
fn first_bytes(word: &[u8]) -> usize {
    let mut bytes = word.iter().copied().map(usize::from);
    bytes.next().unwrap_or(0) << 8 | bytes.next().unwrap_or(0)
}

/// One more than there are pairs of bytes.
const STARTS: usize = (1 << 16) + 1;

use Language::{
    Dutch, English, French, German, Italian, Polish, Portuguese, Spanish, Swedish, Turkish,
};

/// The commonest words of the languages in Latin letters, but for single letters: those number
/// options and name variables in all languages.
const FUNCTION_WORDS: &[(Language, &str)] = &[
    (
        English,
        "the of and to in is are was were be been that this it for on with as at by from or an not you your his her they we our \
         have has had do does did can could would should will my me please which what who how why when where there their them i'm \
         don it's about into than then only some any all more but if so give make tell need want just like find show between each",
    ),
    (
        German,
        "der die das und ist nicht ein eine einen einem einer eines ich du er sie wir ihr mir mich dir dich uns zu den dem des mit \
         auf für von im am als auch es an werden wird wurde sind war hat haben habe kann kannst können soll muss wie was wer wo wann \
         warum welche welcher welches bitte oder aber wenn dass nach bei aus noch nur kein keine diese dieser dieses diesen meine \
         meinen mein dein sein über durch um so gibt mache gib zwischen alle mehr ins zum zur vom",
    ),
    (
        French,
        "le la les un une des du de et est pas que qui quoi dans pour sur avec par plus au aux ce cette ces mon ma mes ton votre vos \
         notre nos son sa ses je tu il elle nous vous ils elles ne être avoir suis es sont ont fait peux peut comment pourquoi quand \
         quel quelle quels quelles où ou mais si moi toi leur leurs en ici cet entre tous comme sans très bien s'il dont",
    ),
    (
        Spanish,
        "el la los las un una unos unas de del que en es por para con no se su sus al lo como más pero sus le ya este esta estos \
         estas sí porque qué cuál cuáles cómo cuándo dónde quién muy sin sobre mi mis tu tus me te nos hay ser son está están tengo \
         puedes puede quiero entre cuando todo todos cada dos hacer haz dame dime fue ha siguiente siguientes",
    ),
    (
        Italian,
        "il lo la gli le un una uno di del della dei delle degli dello da dal dalla in nel nella nei che è non per con su sul \
         sulla come più ma si questo questa questi queste quello sono sei ho hai ha abbiamo mi ti ci vi cosa perché quando dove chi \
         quale quali quanto quanti puoi può vorrei mio mia miei tuo tua suo sua anche tra fra tutti tutto ogni al alla ai alle dammi \
         dimmi fammi seguente seguenti",
    ),
    (
        Portuguese,
        "os as um uma uns umas de do da dos das em no na nos nas por para com não que é se mais mas como ao aos à às este esta \
         isto isso esse essa seu sua seus suas meu minha meus minhas eu você ele ela nós eles são está estão tem ter foi qual quais \
         quando onde porque quem muito sem sobre entre também pelo pela pode posso quero todos cada me lhe fazer faça diga seguinte",
    ),
    (
        Dutch,
        "de het een en van is niet dat die dit in op te ik je jij hij zij ze we wij jullie mij me mijn jouw uw zijn haar voor met \
         aan als er maar om ook naar bij uit door over wat wie waar wanneer waarom hoe welke kan kun kunt kunnen wil moet zou wordt \
         worden heeft heb hebben was waren geen nog of alle meer deze tussen geef maak graag volgende alstublieft",
    ),
    (
        Polish,
        "na do nie się to jest że jak co po za od dla czy ale tak by ten ta te tego tej tym przez przy być są był była mam \
         mnie mi jego jej ich może możesz proszę dlaczego kiedy gdzie kto który która które jaki jaka jakie ile oraz lub mój moja \
         moje ze we między wszystkie bardzo tylko następujący następujące",
    ),
    (
        Swedish,
        "och att det som en ett är på för med av till den inte jag du han hon vi ni de om var har hade kan ska vill från men så sig \
         vad vem hur varför när vilken vilket vilka min mitt mina din ditt dina eller denna detta dessa mig dig oss alla mer mellan \
         följande efter vid under över finns",
    ),
    (
        Turkish,
        "ve bir bu için ile de da ne mi mı mu mü nasıl neden nerede kim hangi çok daha en gibi kadar ama veya var yok ben sen biz siz \
         bana beni olan olarak şu lütfen değil ki sonra önce her arasındaki nedir misin mısın musun aşağıdaki",
    ),
];

/// What people say when they want something, with the languages in Latin letters that say it so.
const TASKS: &[(Task, &[Language], &str)] = &[
    (Task::Translate, &[English], "translat*"),
    (Task::Translate, &[German], "übersetz*"),
    (Task::Translate, &[French], "tradui*"),
    (Task::Translate, &[Spanish, Portuguese], "traduz* traduc*"),
    (Task::Translate, &[Spanish, Italian], "tradur* tradu tradú*"),
    (Task::Translate, &[Dutch], "vertaal* vertal*"),
    (Task::Translate, &[Polish], "przetłumacz* tłumacz*"),
    (Task::Translate, &[Swedish], "översätt*"),
    (Task::Translate, &[Turkish], "çevir* tercüme*"),
    (
        Task::Translate,
        &[],
        "перевед* перевод* переклад* 翻译 翻訳 번역* ترجم*",
    ),
    (
        Task::Summarize,
        &[English],
        "summar* tldr tl;dr condense recap",
    ),
    (
        Task::Summarize,
        &[German],
        "zusammenfass* fasse fass zusammenzufassen",
    ),
    (Task::Summarize, &[French], "résume* résumé* synthétis*"),
    (Task::Summarize, &[Spanish, Portuguese], "resum*"),
    (Task::Summarize, &[Italian], "riassum* riassunt* sintetizz*"),
    (Task::Summarize, &[Dutch], "vat samenvat* samengevat"),
    (
        Task::Summarize,
        &[Polish],
        "streść streszcz* podsumuj* podsumowan*",
    ),
    (Task::Summarize, &[Swedish], "sammanfatt*"),
    (Task::Summarize, &[Turkish], "özetle* özet"),
    (
        Task::Summarize,
        &[],
        "резюмир* кратко перескаж* подытож* обобщ* підсумуй* 总结 概括 摘要 概述 要約 요약* لخص*",
    ),
    (Task::Extract, &[English], "extract* pull identify"),
    (
        Task::Extract,
        &[German],
        "extrahier* entnimm entnehm* herausles*",
    ),
    (
        Task::Extract,
        &[French],
        "extrais extraire extrayez relève* repère*",
    ),
    (
        Task::Extract,
        &[Spanish, Portuguese],
        "extrae extraer extraiga extraia extrair identifica identifique",
    ),
    (Task::Extract, &[Italian], "estra* individua*"),
    (Task::Extract, &[Dutch], "haal extraheer*"),
    (Task::Extract, &[Polish], "wyodrębni* wypisz wyciągnij"),
    (
        Task::Extract,
        &[],
        "извлек* выпиши* выдели* витягн* 提取 抽取 抽出 找出 추출* استخرج*",
    ),
    (
        Task::Classify,
        &[English],
        "classify classified classification categorize categorise category sentiment label",
    ),
    (
        Task::Classify,
        &[German],
        "klassifizier* kategorisier* einordn* ordne stimmung",
    ),
    (
        Task::Classify,
        &[French],
        "classe classez classifie classifier catégoris* étiquet*",
    ),
    (
        Task::Classify,
        &[Spanish, Portuguese],
        "clasific* clasifíc* classifique classificar categoriza categorizar etiquet* sentimento sentimiento",
    ),
    (
        Task::Classify,
        &[Italian],
        "classifica classificare classificate categorizz* etichett* sentimento",
    ),
    (Task::Classify, &[Dutch], "classificeer* categoriseer* deel"),
    (
        Task::Classify,
        &[Polish],
        "sklasyfikuj* zaklasyfikuj* kategoryz*",
    ),
    (
        Task::Classify,
        &[],
        "классифицир* категориз* тональност* отнеси класифік* 分类 分類 情感 归类 감정* صنف*",
    ),
    (
        Task::Rewrite,
        &[English],
        "rewrit* rephras* paraphras* proofread* reword* polish grammar shorten* polite* formal friendlier",
    ),
    (
        Task::Rewrite,
        &[German],
        "umschreib* formulier* umformulier* korrigier* verbesser* kürz* höflich* förmlich*",
    ),
    (
        Task::Rewrite,
        &[French],
        "réécri* reformul* corrige corrigez corriger raccourci* améliore*",
    ),
    (
        Task::Rewrite,
        &[Spanish, Portuguese],
        "reescrib* reescrev* reformul* corrige corrigir corregir corrij* mejora* melhor* acort* educad*",
    ),
    (
        Task::Rewrite,
        &[Italian],
        "riscriv* riformul* correggi* accorcia* miglior*",
    ),
    (
        Task::Rewrite,
        &[Dutch],
        "herschrijf* herformuleer* verbeter* corrigeer* inkort* beleefd*",
    ),
    (
        Task::Rewrite,
        &[Polish],
        "przepisz* przeredaguj* popraw* skróć",
    ),
    (
        Task::Rewrite,
        &[],
        "перепиш* перефразир* исправ* переформулир* вежлив* отредактир* 改写 改寫 润色 修改 改成 書き 直し 丁寧 校正 添削 다듬*",
    ),
    (
        Task::Write,
        &[English],
        "write draft compose brainstorm poem story essay email slogan letter suggest",
    ),
    (
        Task::Write,
        &[German],
        "schreib* verfass* entwirf gedicht geschichte brief aufsatz",
    ),
    (
        Task::Write,
        &[French],
        "écris écrivez écrire rédige* poème histoire lettre invente",
    ),
    (
        Task::Write,
        &[Spanish, Portuguese],
        "escrib* escrev* redact* redij* poema carta cuento conto",
    ),
    (Task::Write, &[Italian], "scriv* poesia racconto lettera"),
    (
        Task::Write,
        &[Dutch],
        "schrijf* gedicht verhaal brief bedenk",
    ),
    (
        Task::Write,
        &[Polish],
        "napisz* wiersz* ułóż opowiadan* list",
    ),
    (
        Task::Write,
        &[],
        "напиш* сочини* составь* придума* стих* рассказ 写一 寫一 写首 写封 撰写 起草 作文 書い 作っ 써줘",
    ),
    (
        Task::Code,
        &[],
        "python javascript typescript rust java kotlin golang sql regex html css bash dockerfile kubernetes json2* django react \
         function funktion fonction función funzione função functie функци* funkcj* refactor* debug* compil* stacktrace traceback \
         segfault unittest* algorithm* algoritm* algorytm* алгоритм* код* script skript program* программ* \
         implement* 代码 函数 编程 程序 程式 関数 コー プロ git npm cargo api exception nullpointer*",
    ),
    (
        Task::Math,
        &[],
        "compute solve integral* derivative* equation* probabilit* theorem* prove proof polynomial* matrix determinant* \
         berechn* rechne löse ableitung* gleichung* wahrscheinlichkeit* beweis* wurzel \
         calcul* résous résoud* dérivée* équation* démontre* prouve* \
         resuelv* ecuaci* derivada* raíz demuestr* resolv* equaç* integrais \
         risolvi equazion* derivata dimostr* \
         bereken* vergelijking* kansrekening oplos \
         oblicz* rozwiąż* równan* pochodn* \
         вычисл* реши решит* уравнен* интеграл* вероятност* докажи* производн* посчита* 计算 求解 方程 积分 概率 证明 導関 \
         微分 積分 確率 方程式",
    ),
    (
        Task::Chat,
        &[],
        "hello hi hey thanks thank bye goodnight bonjour salut merci hallo danke tschüss hola gracias adiós ciao grazie \
         buongiorno olá obrigado obrigada dank bedankt hoi cześć dziękuję dzień hej tack merhaba teşekkürler привет спасибо \
         здравствуй* пока 你好 谢谢 晚安 再见 早上 こん ありが おは さよ 안녕* 감사*",
    ),
    (
        Task::Question,
        &[],
        "what which who whom whose why how when where explain describe compare difference \
         was wer wie wo wann warum wieso welche welcher welches erklär* beschreib* unterschied vergleich* \
         quel quelle quels quelles qui comment pourquoi quand où combien explique* décri* différence \
         qué cuál cuáles cómo cuándo dónde quién cuánto explica* diferencia describa \
         cosa perché dove chi quale quali quanto quanti spiega* differenza \
         qual quais onde porque quem quanto diferença \
         wat wie waar wanneer waarom hoe welke hoeveel leg verschil \
         dlaczego kiedy gdzie kto który jaki jaka jakie ile wyjaśnij różnic* \
         что кто как где когда почему какой какая какие сколько объясни* зачем разниц* чем \
         什么 为什 如何 怎么 怎样 哪个 哪里 解释 几个 多少 为何 何で なぜ どう どこ いつ 教え 違い 説明 뭐 왜 어떻게 무엇*",
    ),
];

/// Words of a trade. Cognates make most of them serve several languages.
const DOMAINS: &[(Domain, &str)] = &[
    (
        Domain::Software,
        "software server database datenbank backend frontend linux docker endpoint deploy* bug bugs framework repository commit thread mutex http 服务器 数据 软件 сервер* база",
    ),
    (
        Domain::Mathematics,
        "geometr* algebra* trigonometr* triangle* dreieck* bruch brüche vector* vektor* 几何 数学 математик* треугольник*",
    ),
    (
        Domain::Medicine,
        "medic* medizin* médec* médic* diagnos* symptom* síntoma* sintom* patient* pacient* pazient* pacjent* therap* terap* krankheit* \
         disease* doctor arzt* ärzt* blood blutdruck tumor* cancer krebs diabet* vaccin* vacuna* impfung* dosage dosis fever fieber fiebre \
         fièvre febbre febre lekarz* gorączk* maladie* enfermedad* malatti* doença* ziekte* chorob* \
         headache* kopfschmerz* врач* болезн* симптом* пациент* лечени* 医生 症状 患者 病人 治疗 薬の 頭痛",
    ),
    (
        Domain::Law,
        "law legal lawsuit contract* clause* court* tort plaintiff* defendant* statute* attorney* lawyer* vertrag* gesetz* gericht* \
         kündig* anwalt* mietvertrag* klage contrat* tribunal* avocat* loi juridi* abogad* ley leyes demanda \
         avvocat* legge advogad* rechter rechtbank advocaat huurcontract wet umow* prawnik* sąd ustaw* liability gdpr dsgvo rgpd \
         закон* договор* суд* адвокат* юрист* 合同 法律 律师 法院 契約 弁護",
    ),
    (
        Domain::Finance,
        "invoice* tax taxes stock stocks interest loan* mortgage* budget* revenue* dividend* inflation portfolio* bank* steuer* rechnung* \
         zins* kredit* aktie* hypothek* impôt* facture* prêt* bourse factura* impuesto* préstamo* hipoteca* acciones fattur* tass* \
         mutuo prestit* imposto* fatura* empréstimo* ações belasting* factuur* lening* hypotheek* aandelen podat* faktur* kredyt* \
         акци* налог* кредит* ипотек* счёт* бюджет* 股票 税务 贷款 发票 利率 投资 株式 税金 住宅",
    ),
    (
        Domain::Science,
        "physic* physik* physique física fisica quantum quanten* relativit* chemi* chimi* quími* molecul* molekül* moléc* atom* enzyme* photosynthes* \
         fotosínt* fotosint* fotosynthes* fotosyntez* protein* dna evolution* gravit* planet* galax* biolog* thermodynam* neuron* \
         физик* хими* молекул* атом* фотосинтез* гравитац* 物理 化学 光合 分子 量子 重力 生物",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_begins_with_a_stem() {
        let rows = &TABLE.rows;
        for stem in rows.iter().filter(|row| row.is_stem) {
            let longer = rows
                .iter()
                .find(|row| !std::ptr::eq(*row, stem) && row.word.starts_with(stem.word));
            assert!(
                longer.is_none(),
                "{}* and {}",
                stem.word,
                longer.unwrap().word
            );
        }
    }

    #[test]
    fn words_are_lower_case_and_short_enough_to_be_found() {
        for row in &TABLE.rows {
            assert!((2..=LONGEST).contains(&row.word.len()), "{}", row.word);
            assert_eq!(row.word, row.word.to_lowercase());
            assert_eq!(find(row.word.as_bytes()), Some(&row.entry), "{}", row.word);
        }
    }

    #[test]
    fn stems_stand_for_all_their_words_and_words_for_themselves() {
        assert_eq!(
            find(b"summarising").and_then(|entry| entry.task),
            Some(Task::Summarize)
        );
        assert_eq!(find(b"thematic"), None);
        assert!(find(b"the").is_some_and(|entry| entry.languages.has(English)));
        assert_eq!(find(b""), None);
    }
}
