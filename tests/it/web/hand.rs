//! Somebody at a real Chromium: with the mouse or with the keyboard only, with scripts or without, on a wide screen or on
//! one of 360 px. After every step nothing may stick out to the right.

use super::chrome::Chrome;
use super::visitor::PASSWORD;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How a day is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Mouse,
    WithoutScripts,
    Telephone,
    Keys,
}

/// One test a way of walking a day.
macro_rules! in_every_way {
    ($day:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn with_the_mouse() {
            $day(crate::web::hand::Way::Mouse).await;
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn without_scripts() {
            $day(crate::web::hand::Way::WithoutScripts).await;
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn on_a_telephone() {
            $day(crate::web::hand::Way::Telephone).await;
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn with_the_keyboard_only() {
            $day(crate::web::hand::Way::Keys).await;
        }
    };
}
pub(super) use in_every_way;

/// Somebody at work.
pub struct Hand {
    pub page: Chrome,
    way: Way,
    address: String,
    /// Where downloads go.
    folder: PathBuf,
}

impl Hand {
    /// Sits down at the page of that address.
    pub fn at(address: &str, way: Way, folder: &Path) -> Self {
        let mut page = Chrome::start(folder);
        match way {
            Way::Mouse | Way::Keys => page
                .ask("Emulation.setDeviceMetricsOverride", json!({"width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": false})),
            Way::WithoutScripts => page.ask("Emulation.setScriptExecutionDisabled", json!({"value": true})),
            Way::Telephone => page
                .ask("Emulation.setDeviceMetricsOverride", json!({"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": false})),
        };
        Self { page, way, address: address.to_owned(), folder: folder.to_owned() }
    }

    /// Types an address of ours.
    pub fn open(&mut self, path: &str) {
        let url = format!("http://{}{path}", self.address);
        self.page.go(|page| drop(page.ask("Page.navigate", json!({ "url": url }))));
        self.looks_well();
    }

    /// The path and query of the page that is shown.
    pub fn place(&mut self) -> String {
        self.page.say("location.pathname + location.search")
    }

    fn looks_well(&mut self) {
        assert_eq!(
            self.page.say("document.documentElement.scrollWidth <= innerWidth"),
            "true",
            "{:?} {}",
            self.way,
            self.page.say("location.href")
        );
    }

    /// Follows a link or presses a button that leads to another page.
    pub fn follow(&mut self, selector: &str) {
        match self.way {
            Way::Keys => self.page.follow(selector),
            _ => self.page.go(|page| page.click(selector)),
        }
        self.looks_well();
    }

    /// Presses Enter where one is, which sends a form.
    pub fn enter(&mut self) {
        self.page.go(|page| page.key("Enter", 13, "\r"));
        self.looks_well();
    }

    /// Puts text into a field.
    pub fn write(&mut self, selector: &str, text: &str) {
        match self.way {
            Way::Keys => self.page.write(selector, text),
            _ => {
                self.page.click(selector);
                self.page.ask("Input.insertText", json!({"text": text}));
            }
        }
        let held = self.page.say(&format!("document.querySelector({}).value", json!(selector)));
        assert_eq!(held, text, "{selector}");
    }

    /// Ticks a box.
    pub fn tick(&mut self, selector: &str) {
        match self.way {
            Way::Keys => {
                self.page.tab_to(selector);
                self.page.key(" ", 32, " ");
            }
            _ => self.page.click(selector),
        }
        assert_eq!(self.page.say(&format!("document.querySelector({}).checked", json!(selector))), "true", "{selector}");
    }

    /// Takes one of the round buttons of that name.
    pub fn pick(&mut self, name: &str, value: &str) {
        let one = format!("input[name={name}][value={value}]");
        if self.way != Way::Keys {
            return self.tick(&one);
        }
        self.page.tab_to(&format!("input[name={name}]"));
        while self.page.say("document.activeElement.value") != value {
            self.page.key("ArrowDown", 40, "");
        }
        self.page.key(" ", 32, " ");
        assert_eq!(self.page.say("document.activeElement.checked"), "true", "{one}");
    }

    /// Chooses from a list by the first letter of what is wanted.
    pub fn choose(&mut self, selector: &str, value: &str) {
        match self.way {
            Way::Keys => self.page.tab_to(selector),
            // A list that opens belongs to the screen, not to the page.
            _ => drop(self.page.say(&format!("document.querySelector({}).focus()", json!(selector)))),
        }
        let first = value.chars().next().unwrap();
        self.page.key(&first.to_string(), first.to_ascii_uppercase().into(), &first.to_string());
        assert_eq!(self.page.say("document.activeElement.value"), value, "{selector}");
    }

    /// Types a day, whichever comes first in this browser, day or month.
    pub fn write_day(&mut self, selector: &str, digits: &str, day: &str) {
        match self.way {
            Way::Keys => self.page.tab_to(selector),
            _ => drop(self.page.say(&format!("document.querySelector({}).focus()", json!(selector)))),
        }
        for digit in digits.chars() {
            self.page.key(&digit.to_string(), u32::from(digit), &digit.to_string());
        }
        assert_eq!(self.page.say(&format!("document.querySelector({}).value", json!(selector))), day);
    }

    /// Chooses a file; the window for that belongs to the browser.
    pub fn attach(&mut self, selector: &str, file: &Path) {
        if self.way == Way::Keys {
            self.page.tab_to(selector);
        }
        self.page.attach(selector, file);
    }

    /// Follows a link that leads to a file, and gives its bytes.
    pub fn take(&mut self, selector: &str, name: &str) -> Vec<u8> {
        match self.way {
            Way::Keys => {
                self.page.tab_to(selector);
                self.page.key("Enter", 13, "\r");
            }
            _ => self.page.click(selector),
        }
        let (file, until) = (self.folder.join(name), Instant::now() + Duration::from_secs(30));
        loop {
            match std::fs::read(&file) {
                Ok(bytes) if !bytes.is_empty() => return bytes,
                _ => assert!(Instant::now() < until, "{} did not come", file.display()),
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Wants a page, is asked who is there, and comes to that page.
    pub fn sign_in(&mut self, name: &str, path: &str) {
        self.open(path);
        assert_eq!(self.page.say("location.pathname"), "/masuk");
        self.give_name(name);
        assert_eq!(self.place(), path, "one comes to where one was going");
    }

    /// Fills in the form of the sign-in page.
    pub fn give_name(&mut self, name: &str) {
        self.write("#akun", name);
        self.write("#sandi", PASSWORD);
        self.enter();
    }

    /// Goes home; neither the address nor the way back opens anything any more.
    pub fn sign_out(&mut self, path: &str) {
        self.follow("header form button");
        assert_eq!(self.page.say("location.pathname"), "/masuk");
        self.page.go(|page| drop(page.say("history.back()")));
        assert_eq!(self.page.say("location.pathname"), "/masuk", "the way back shows nothing");
        self.open(path);
        assert_eq!(self.page.say("location.pathname"), "/masuk", "nothing opens any more");
    }

    pub fn shows(&mut self, text: &str) {
        self.page.shows(text);
    }

    /// How many places of the page match.
    pub fn count(&mut self, selector: &str) -> usize {
        self.page.say(&format!("document.querySelectorAll({}).length", json!(selector))).parse().unwrap()
    }
}

/// Walks a day in a thread of its own, beside the server.
pub async fn walk(address: &str, way: Way, day: impl FnOnce(&mut Hand) + Send + 'static) {
    let (address, folder) = (address.to_owned(), tempfile::tempdir().unwrap());
    let walked = tokio::task::spawn_blocking(move || day(&mut Hand::at(&address, way, folder.path())));
    walked.await.unwrap();
}
