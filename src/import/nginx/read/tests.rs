use super::*;
use crate::import::nginx::syntax::parse;

fn reading(text: &str) -> Reading {
    let files = vec![("/etc/nginx/conf.d/default.conf".to_owned(), parse(text).unwrap())];
    let variables = BTreeMap::from([("APP".to_owned(), "web".to_owned())]);
    read(&Input { files, variables, serves: false })
}

/// Ways as text, and the directives that keep nginx.
fn shown(reading: &Reading) -> (Vec<String>, Vec<&str>) {
    let lead = |lead: &Lead| {
        let hosts = if lead.hosts.is_empty() { String::new() } else { format!("{} ", lead.hosts.join(",")) };
        format!("{hosts}{} {}:{}", lead.paths.join(","), lead.host, lead.port)
    };
    let kept = reading.kept().map(|line| line.directive.as_str()).collect();
    (reading.leads.iter().map(lead).collect(), kept)
}

#[test]
fn locations_are_found_with_what_stands_behind_them() {
    let text = r#"
        upstream api { server api:8080 weight=2; keepalive 8; }
        server {
          listen 443 ssl;
          server_name shop.example.org;
          add_header X "a; b {";
          location / { try_files $uri @app; }
          location @app { proxy_set_header Host $host; proxy_pass http://${APP}:3000; }
          location ^~ /api/ { proxy_pass http://api; proxy_read_timeout 5m; }
          location = /up { return 200; }
        }"#;
    let found = reading(text);
    assert_eq!(shown(&found), (vec!["/ web:3000".to_owned(), "/api/* api:8080".to_owned()], vec![]));
    assert_eq!(found.leads[1].timeout, Some(300));
    assert_eq!(found.names[0].0, "shop.example.org");
    // Nothing is said about the two locations that are ways, and something about everything else.
    let lines: Vec<&str> = found.lines.iter().map(|line| line.directive.as_str()).collect();
    for directive in ["upstream", "keepalive", "listen", "add_header", "proxy_set_header", "return"] {
        assert!(lines.contains(&directive), "{directive}: {lines:?}");
    }
}

#[test]
fn servers_are_told_apart_by_their_names() {
    let text = "server { server_name a.example.org www.a.example.org; location / { proxy_pass http://a; } }
                server { server_name .b.example.org; location / { proxy_pass http://b:81/; } }
                server { server_name _; return 444; }";
    let expected =
        ["a.example.org,www.a.example.org / a:80", "b.example.org,*.b.example.org / b:81"].map(str::to_owned);
    assert_eq!(shown(&reading(text)), (expected.to_vec(), vec![]));
}

#[test]
fn leading_to_https_is_no_reason_to_stay() {
    for text in [
        "server { listen 80; server_name a.example.org; return 301 https://$host$request_uri; }",
        "server { server_name a.example.org; location / { return 301 https://a.example.org$request_uri; } }",
        "server { if ($http_x_forwarded_proto = http) { return 301 https://$host$request_uri; } }",
        "server { location /.well-known/acme-challenge/ { root /var/www/certbot; } }",
    ] {
        let found = reading(text);
        assert_eq!(shown(&found), (vec![], vec![]), "{text}");
        assert!(found.lines.iter().any(|line| matches!(line.sense, Sense::Same(_))), "{text}");
    }
}

#[test]
fn what_a_route_cannot_say_keeps_nginx() {
    for (text, directive) in [
        ("location /api/ { proxy_pass http://api/; }", "proxy_pass"),
        ("location / { proxy_pass http://$http_x; }", "proxy_pass"),
        ("location / { proxy_pass http://pool; }", "proxy_pass"),
        (r"location ~ /\d+ { proxy_pass http://api; }", "proxy_pass"),
        ("location / { proxy_pass http://unix:/run/a.sock; }", "proxy_pass"),
        ("location / { proxy_pass http://api; auth_basic x; }", "auth_basic"),
        ("location = /old { return 301 /new; }", "return"),
        ("if ($bad) { return 301 https://$host; }", "if"),
        ("include snippets/more.conf;", "include"),
        ("server_name ~^(.+)$;", "server_name"),
    ] {
        let text = format!("upstream pool {{ server a; server b; }} server {{ {text} }}");
        assert_eq!(shown(&reading(&text)).1, [directive], "{text}");
    }
}

#[test]
fn files_stand_where_another_includes_them() {
    let file = |path: &str, text: &str| (path.to_owned(), parse(text).unwrap());
    let files = vec![
        file("/etc/nginx/nginx.conf", "http { include mime.types; include conf.d/*.conf; }"),
        file("/etc/nginx/conf.d/a.conf", "server { include snippets/api.conf; }"),
        file(
            "/etc/nginx/snippets/api.conf",
            "location /api { proxy_pass http://api:1; } include snippets/api.conf;",
        ),
    ];
    let found = read(&Input { files, variables: BTreeMap::new(), serves: false });
    let (leads, kept) = shown(&found);
    assert!(leads.iter().all(|lead| lead == "/api* api:1"), "{leads:?}");
    assert_eq!(kept, ["include"], "what includes itself has no end");
}

#[test]
fn files_that_stand_beside_it_are_served() {
    let files = vec![(
        "/etc/nginx/conf.d/a.conf".to_owned(),
        parse("server { root /srv; location / { proxy_pass http://a; } }").unwrap(),
    )];
    let found = read(&Input { files, variables: BTreeMap::new(), serves: true });
    assert_eq!(shown(&found).1, ["root"]);
}

#[test]
fn times_are_seconds_without_a_unit() {
    assert_eq!(
        ["90", "90s", "2m", "1h", "1x", "m"].map(seconds),
        [Some(90), Some(90), Some(120), Some(3600), None, None]
    );
}
