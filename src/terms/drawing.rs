//! How a picture of the architecture shows a component: where it stands, and the few facts that stand below its name.

/// What a component says of itself for a picture.
#[derive(Debug, Clone, Default)]
pub struct Drawing {
    /// Where it stands.
    pub site: Site,
    /// Facts, the most telling one first.
    pub lines: Vec<Line>,
    /// Who reaches it from outside the stack.
    pub reached: Vec<Reached>,
    /// What it reaches outside the stack.
    pub reaches: Vec<Reaches>,
    /// What it brings along that stands elsewhere.
    pub parts: Vec<Part>,
    /// Of a network: the letters of its availability zones.
    pub zones: Vec<String>,
}

/// Where something stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Site {
    /// In the account, in no network: a service of AWS that is reached by its API.
    #[default]
    Region,
    /// It is the network.
    Network,
    /// In the network, in no subnet.
    Vpc,
    /// In public subnets.
    Public,
    /// In the subnets of tasks, which are public ones where there is no NAT.
    Tasks {
        /// Whether they are public.
        public: bool,
    },
    /// In the subnets of databases and caches.
    Data,
    /// Not on AWS.
    Outside,
}

/// A fact that may differ between environments: `2` `tasks`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What tells it apart from the other lines.
    pub key: &'static str,
    /// The value.
    pub value: String,
    /// What comes after the values of all environments; may be empty.
    pub unit: &'static str,
    /// Whether it is a size, which people change often: an outline leaves it out.
    pub size: bool,
}

/// Somebody outside the stack who reaches a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// Who: `Internet`.
    pub from: String,
    /// How: `HTTPS 443`.
    pub by: String,
}

/// Something outside the stack that a component may connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaches {
    /// What: `Internet`.
    pub to: String,
    /// The TCP ports.
    pub ports: Vec<i64>,
}

/// A part of a component that stands elsewhere than the component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name: `NAT gateway`.
    pub name: &'static str,
    /// Where it stands.
    pub site: Site,
    /// Its facts.
    pub lines: Vec<Line>,
}

impl Line {
    /// A fact of one value.
    pub fn new(key: &'static str, value: impl ToString, unit: &'static str) -> Self {
        Self { key, value: value.to_string(), unit, size: false }
    }
}

impl Drawing {
    /// Something that stands there.
    pub fn at(site: Site) -> Self {
        Self { site, ..Self::default() }
    }

    /// With a fact.
    pub fn line(mut self, key: &'static str, value: impl ToString, unit: &'static str) -> Self {
        self.lines.push(Line::new(key, value, unit));
        self
    }

    /// With a size.
    pub fn size(mut self, key: &'static str, value: impl ToString, unit: &'static str) -> Self {
        self.lines.push(Line { size: true, ..Line::new(key, value, unit) });
        self
    }

    /// With a fact, when there is a value.
    pub fn maybe(self, key: &'static str, value: Option<impl ToString>, unit: &'static str) -> Self {
        match value {
            Some(value) => self.line(key, value, unit),
            None => self,
        }
    }

    /// Reached by somebody outside the stack.
    pub fn reached(mut self, from: impl ToString, by: impl ToString) -> Self {
        self.reached.push(Reached { from: from.to_string(), by: by.to_string() });
        self
    }

    /// Allowed to connect to ports of something outside the stack.
    pub fn reaches(mut self, to: impl ToString, ports: Vec<i64>) -> Self {
        self.reaches.push(Reaches { to: to.to_string(), ports });
        self
    }

    /// With a part that stands elsewhere.
    pub fn part(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }
}
