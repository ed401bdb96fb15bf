//! A timeline as SVG: what was read, where requests would have gone by that, and where they go.

use std::fmt::{self, Write};

use router::{DeviceSnapshot, Zone};

use crate::trace::{Drawn, Moment, Trace, changes};

/// Draws a trace that was played.
pub(crate) fn draw(trace: &Trace, moments: &[Moment]) -> String {
    let mut picture = Picture {
        svg: String::new(),
        seconds: moments.last().map_or(1.0, |last| last.at.as_secs_f64()),
        start_hour: if trace.drawn == Drawn::Charge { 8 } else { 0 },
    };
    let drawn = picture.frame(trace, moments);
    drawn.expect("a text can always be written to");
    picture.svg
}

struct Picture {
    svg: String,
    /// Length of the trace.
    seconds: f64,
    /// Of the clock at the beginning; 0 counts minutes.
    start_hour: u32,
}

impl Picture {
    fn frame(&mut self, trace: &Trace, moments: &[Moment]) -> fmt::Result {
        writeln!(
            self.svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
             font-family=\"sans-serif\" font-size=\"13\">\n\
             <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>"
        )?;
        let title = trace.title.replace('`', "");
        self.text(LEFT, 24.0, "start", "#111827", &title)?;
        match trace.drawn {
            Drawn::Charge => self.line("charge", "%", (0.0, 100.0), moments, |device| {
                Some(device.battery.as_ref()?.level * 100.0)
            })?,
            Drawn::Headroom => self.line("headroom", "°C", (-5.0, 60.0), moments, |device| {
                device.thermal.headroom_celsius
            })?,
            Drawn::Link => {
                self.band(0, "link as read", moments, |one| link(&one.reading))?;
                self.band(1, "link steadied", moments, |one| link(&one.steadied))?;
            }
        }
        let by_reading = changes(moments.iter().map(|one| one.by_reading));
        let steadied = changes(moments.iter().map(|one| one.route));
        let as_read = format!("as read: {by_reading} changes");
        let routes = format!("steadied: {steadied} changes");
        self.band(2, &as_read, moments, |one| route(one.by_reading))?;
        self.band(3, &routes, moments, |one| route(one.route))?;
        self.pace(moments)?;
        self.axis()?;
        self.legend(trace.drawn)?;
        self.svg.push_str("</svg>\n");
        Ok(())
    }

    /// A curve over the two upper lanes: as read, and steadied.
    fn line(
        &mut self,
        name: &str,
        unit: &str,
        (low, high): (f64, f64),
        moments: &[Moment],
        value: impl Fn(&DeviceSnapshot) -> Option<f64>,
    ) -> fmt::Result {
        let (top, bottom) = (lane(0), lane(1) + LANE);
        let y = |value: f64| bottom - (value - low) / (high - low) * (bottom - top);
        self.text(LEFT - 8.0, top + 12.0, "end", "#374151", name)?;
        for value in [low.max(0.0), high / 2.0, high] {
            self.rule(y(value))?;
            let label = format!("{value:.0} {unit}");
            self.text(RIGHT + 6.0, y(value) + 4.0, "start", "#6b7280", &label)?;
        }
        let curve = |pick: &dyn Fn(&Moment) -> Option<f64>| {
            let points = moments.iter().filter_map(|one| {
                let x = self.x(one.at.as_secs_f64());
                Some(format!("{x:.1},{:.1}", y(pick(one)?)))
            });
            points.collect::<Vec<_>>().join(" ")
        };
        let as_read = curve(&|one| value(&one.reading));
        let steadied = curve(&|one| value(&one.steadied));
        writeln!(
            self.svg,
            "<polyline points=\"{as_read}\" fill=\"none\" stroke=\"#9ca3af\"/>\n\
             <polyline points=\"{steadied}\" fill=\"none\" stroke=\"#111827\" stroke-width=\"1.5\"/>"
        )
    }

    /// A lane of stretches of one colour each.
    fn band(
        &mut self,
        number: u32,
        name: &str,
        moments: &[Moment],
        colour: impl Fn(&Moment) -> &'static str,
    ) -> fmt::Result {
        let top = lane(number);
        self.text(LEFT - 8.0, top + LANE * 0.6, "end", "#374151", name)?;
        let mut rest = moments;
        while let Some(first) = rest.first() {
            let fill = colour(first);
            let same = rest.iter().take_while(|one| colour(one) == fill).count();
            let (_, after) = rest.split_at(same);
            let end = after
                .first()
                .map_or(self.seconds, |next| next.at.as_secs_f64());
            let (x, to) = (self.x(first.at.as_secs_f64()), self.x(end));
            let width = to - x;
            writeln!(
                self.svg,
                "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{LANE}\" \
                 fill=\"{fill}\"/>"
            )?;
            rest = after;
        }
        Ok(())
    }

    /// The share of time that the engine may compute, as an area.
    fn pace(&mut self, moments: &[Moment]) -> fmt::Result {
        let bottom = lane(4) + LANE;
        self.text(
            LEFT - 8.0,
            lane(4) + LANE * 0.6,
            "end",
            "#374151",
            "engine's pace",
        )?;
        self.rule(lane(4))?;
        self.text(RIGHT + 6.0, lane(4) + 6.0, "start", "#6b7280", "100 %")?;
        let mut points = format!("{LEFT:.1},{bottom:.1}");
        let mut before = None;
        for one in moments {
            let (x, duty) = (self.x(one.at.as_secs_f64()), one.pace.duty_ratio);
            let y = bottom - duty * LANE;
            // A step, not a slope.
            write!(points, " {x:.1},{:.1} {x:.1},{y:.1}", before.unwrap_or(y))?;
            before = Some(y);
        }
        write!(
            points,
            " {RIGHT:.1},{:.1} {RIGHT:.1},{bottom:.1}",
            before.unwrap_or(bottom)
        )?;
        writeln!(self.svg, "<polygon points=\"{points}\" fill=\"#fcd34d\"/>")
    }

    fn axis(&mut self) -> fmt::Result {
        let y = lane(4) + LANE + 18.0;
        let (step, unit) = if self.start_hour > 0 {
            (3600, "")
        } else {
            (600, " min")
        };
        let mut at = 0_u32;
        while f64::from(at) <= self.seconds {
            let x = self.x(f64::from(at));
            let label = if self.start_hour > 0 {
                format!("{:02}:00", self.start_hour + at / 3600)
            } else {
                format!("{}{unit}", at / 60)
            };
            writeln!(
                self.svg,
                "<path d=\"M{x:.1} {:.1}v5\" stroke=\"#6b7280\"/>",
                lane(4) + LANE
            )?;
            self.text(x, y, "middle", "#6b7280", &label)?;
            at += step;
        }
        Ok(())
    }

    fn legend(&mut self, drawn: Drawn) -> fmt::Result {
        let links: &[(&str, &str)] = match drawn {
            Drawn::Link => &[
                (FREE, "free link"),
                (METERED, "metered"),
                (OFFLINE, "offline"),
                (UNKNOWN, "unknown"),
            ],
            Drawn::Charge | Drawn::Headroom => &[("#9ca3af", "as read"), ("#111827", "steadied")],
        };
        let routes = [(NEAR, "answered here"), (FAR, "answered in the cloud")];
        let mut x = LEFT;
        for (colour, name) in routes.iter().chain(links) {
            let y = HEIGHT - 22.0;
            writeln!(
                self.svg,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"12\" height=\"12\" fill=\"{colour}\"/>"
            )?;
            self.text(x + 18.0, y + 11.0, "start", "#374151", name)?;
            x += 150.0;
        }
        Ok(())
    }

    fn rule(&mut self, y: f64) -> fmt::Result {
        writeln!(
            self.svg,
            "<path d=\"M{LEFT} {y:.1}H{RIGHT}\" stroke=\"#e5e7eb\"/>"
        )
    }

    fn text(&mut self, x: f64, y: f64, anchor: &str, fill: &str, text: &str) -> fmt::Result {
        writeln!(
            self.svg,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{fill}\">{text}</text>"
        )
    }

    fn x(&self, seconds: f64) -> f64 {
        LEFT + seconds / self.seconds * (RIGHT - LEFT)
    }
}

/// The top of a lane: two for readings, then a gap, two for routes and one for the pace.
fn lane(number: u32) -> f64 {
    let gap = if number < 2 { 0.0 } else { 14.0 };
    40.0 + f64::from(number) * (LANE + 10.0) + gap
}

fn link(device: &DeviceSnapshot) -> &'static str {
    match (device.link.online, device.link.metered) {
        (Some(false), _) => OFFLINE,
        (Some(true), Some(true)) => METERED,
        (Some(true), _) => FREE,
        (None, _) => UNKNOWN,
    }
}

fn route(zone: Zone) -> &'static str {
    match zone {
        Zone::Device => NEAR,
        Zone::Site | Zone::Cloud => FAR,
    }
}

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 318.0;
const LEFT: f64 = 160.0;
const RIGHT: f64 = 900.0;
const LANE: f64 = 34.0;

const NEAR: &str = "#0f766e";
const FAR: &str = "#60a5fa";
const FREE: &str = "#86efac";
const METERED: &str = "#fb923c";
const OFFLINE: &str = "#374151";
const UNKNOWN: &str = "#d1d5db";
