//! What a network tells a picture of the architecture: its range, its zones, and the way out.

use super::{Nat, Network};
use crate::terms::{Drawing, Line, Part, Site};

impl Network {
    /// The network, with its NAT gateways as a part that stands in public subnets.
    pub(super) fn drawn(&self) -> Drawing {
        let drawing = Drawing::at(Site::Network);
        if let Some(existing) = &self.existing {
            return drawing.line("id", &existing.vpc_id, "");
        }
        let mut drawing = drawing.maybe("cidr", self.cidr.as_ref(), "").line(
            "zones",
            format!("zones {}", self.zones.join(", ")),
            "",
        );
        drawing.zones = self.zones.iter().map(ToString::to_string).collect();
        let gateways = match self.nat {
            Nat::None => return drawing,
            Nat::Single => "one for all zones",
            Nat::PerZone => "one per zone",
        };
        let lines = vec![Line::new("gateways", gateways, "")];
        drawing.part(Part { name: "NAT gateway", site: Site::Public, lines })
    }
}
