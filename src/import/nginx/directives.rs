//! What becomes of a directive when a load balancer takes the place of nginx.

/// What becomes of a directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sense {
    /// The load balancer does the same.
    Same(&'static str),
    /// The load balancer does what was probably meant.
    Assumed(&'static str),
    /// It has no effect any more, and no one misses it; or what to do instead.
    Lost(&'static str),
    /// A person has to do or decide something.
    NeedsYou(&'static str),
    /// A load balancer cannot do it, so nginx stays.
    Keeps(&'static str),
}

/// What becomes of a directive, by its name and words. `serves` is whether files stand beside nginx that it may serve.
pub(super) fn sense(name: &str, words: &[String], serves: bool) -> Sense {
    let first = words.first().map_or("", String::as_str);
    let off = first == "off";
    match name {
        "server_name" | "upstream" | "location" | "server" | "http" | "events" | "types" => {
            Sense::Same("read")
        }
        "listen" => Sense::Same("the load balancer listens at ports 80 and 443"),
        "set" => Sense::Same("put in where it is used"),
        "include" => Sense::Lost("a file of the image, for nginx itself"),
        "map" if first == "$http_upgrade" => Sense::Same("the load balancer passes WebSockets on"),
        "proxy_set_header" => header(first),
        "proxy_http_version" | "keepalive" => Sense::Same("the load balancer keeps connections open"),
        "proxy_read_timeout" => Sense::Same("`idle_timeout` of the `route`"),
        "proxy_connect_timeout"
        | "proxy_send_timeout"
        | "send_timeout"
        | "keepalive_timeout"
        | "client_header_timeout"
        | "client_body_timeout"
        | "resolver_timeout"
        | "fail_timeout"
        | "reset_timedout_connection" => {
            Sense::Lost("the load balancer has one time limit: `idle_timeout` of the `route`")
        }
        "client_max_body_size" => {
            Sense::Lost("the load balancer sets no limit: have the program refuse what is too large")
        }
        "add_header" | "proxy_hide_header" | "proxy_pass_header" | "more_set_headers" | "expires"
        | "etag" | "if_modified_since" => Sense::Lost("have the program send this header"),
        "gzip" | "gunzip" | "brotli" => Sense::Lost("have the program compress, or a `cdn` in front of it"),
        "access_log" | "log_not_found" | "log_format" => {
            Sense::Lost("write `access_logs` of the `load_balancer` to keep a log of requests")
        }
        "error_page" | "proxy_intercept_errors" | "recursive_error_pages" => {
            Sense::Lost("what the program answers is passed on")
        }
        "ip_hash" | "sticky" | "hash" => {
            Sense::NeedsYou("the load balancer spreads requests over all tasks: keep sessions in a `cache`")
        }
        "server_tokens"
        | "default_type"
        | "charset"
        | "sendfile"
        | "aio"
        | "directio"
        | "tcp_nopush"
        | "tcp_nodelay"
        | "user"
        | "pid"
        | "daemon"
        | "master_process"
        | "worker_processes"
        | "worker_connections"
        | "worker_rlimit_nofile"
        | "worker_shutdown_timeout"
        | "worker_cpu_affinity"
        | "multi_accept"
        | "use"
        | "accept_mutex"
        | "error_log"
        | "load_module"
        | "env"
        | "pcre_jit"
        | "thread_pool"
        | "resolver"
        | "zone"
        | "least_conn"
        | "random"
        | "keepalive_requests"
        | "underscores_in_headers"
        | "ignore_invalid_headers"
        | "merge_slashes"
        | "absolute_redirect"
        | "port_in_redirect"
        | "server_name_in_redirect"
        | "http2"
        | "real_ip_header"
        | "set_real_ip_from"
        | "real_ip_recursive"
        | "chunked_transfer_encoding"
        | "max_ranges" => Sense::Lost("for nginx itself"),
        "rewrite" if first == "^" && words.get(1).is_some_and(|to| to.starts_with("https://$")) => {
            Sense::Same(REDIRECTED)
        }
        "allow" if first == "all" => Sense::Lost("everybody is let in"),
        "auth_basic" | "proxy_cache" | "auth_request" | "limit_rate" if off => Sense::Lost("it is off"),
        "proxy_cache_bypass" | "proxy_no_cache" | "proxy_cache_key" | "proxy_cache_valid" => {
            Sense::Lost("nothing is kept here")
        }
        "auth_basic"
        | "auth_basic_user_file"
        | "auth_request"
        | "auth_jwt"
        | "allow"
        | "deny"
        | "satisfy"
        | "secure_link"
        | "valid_referers" => Sense::Keeps("it decides who may come in, which a load balancer does not ask"),
        "rewrite"
        | "sub_filter"
        | "proxy_cookie_path"
        | "proxy_cookie_domain"
        | "proxy_method"
        | "proxy_set_body"
        | "mirror" => Sense::Keeps("it changes requests, and a load balancer passes them on as they are"),
        "limit_req" | "limit_conn" | "limit_rate" | "limit_except" | "limit_req_zone" | "limit_conn_zone" => {
            Sense::Keeps("it limits requests, which a load balancer does not")
        }
        "proxy_cache" | "proxy_cache_path" | "proxy_store" | "slice" => {
            Sense::Keeps("it keeps answers, which a load balancer does not")
        }
        "fastcgi_pass" | "uwsgi_pass" | "scgi_pass" | "grpc_pass" | "memcached_pass" => {
            Sense::Keeps("a load balancer speaks HTTP only")
        }
        "stream" | "mail" => Sense::Keeps("it leads on what is no HTTP"),
        "root" | "alias" | "index" | "try_files" if serves => {
            Sense::Keeps("it serves files, which a load balancer does not have")
        }
        "root" | "index" | "try_files" => Sense::Lost("no files stand beside it that it could serve"),
        "autoindex" | "alias" | "dav_methods" => {
            Sense::Keeps("it serves files, which a load balancer does not have")
        }
        "if" => Sense::Keeps("a condition, which a load balancer does not know"),
        "map" | "geo" | "split_clients" => {
            Sense::Keeps("a value that depends on the request, which a load balancer does not know")
        }
        _ => grouped(name),
    }
}

/// What is said where plain HTTP leads to HTTPS.
pub(super) const REDIRECTED: &str =
    "the load balancer leads plain HTTP to HTTPS as soon as it has a certificate";

/// Directives of one group have names that begin alike.
fn grouped(name: &str) -> Sense {
    let begins = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
    if begins(&["ssl_"]) || name == "ssl" {
        Sense::Same("ACM makes and renews the certificate, and the load balancer does the rest")
    } else if begins(&["gzip_", "brotli_"]) {
        Sense::Lost("have the program compress, or a `cdn` in front of it")
    } else if begins(&["proxy_buffer", "proxy_busy", "proxy_max_temp", "proxy_temp", "proxy_next_upstream"])
        || begins(&["proxy_request_buffering", "proxy_redirect", "proxy_ssl_", "proxy_headers_hash"])
        || begins(&["client_body_", "client_header_", "large_client", "types_hash", "server_names_hash"])
        || begins(&["open_file_cache", "output_buffers", "postpone_output", "variables_hash", "map_hash"])
        || begins(&[
            "http2_",
            "http3",
            "proxy_socket_keepalive",
            "proxy_ignore_client_abort",
            "fastcgi_buffer",
        ])
        || begins(&["proxy_cache_", "lingering_"])
    {
        Sense::Lost("for nginx itself")
    } else {
        Sense::Keeps("nothing is known here that would do the same")
    }
}

fn header(name: &str) -> Sense {
    match name.to_ascii_lowercase().as_str() {
        "upgrade" | "connection" => Sense::Same("the load balancer passes WebSockets on"),
        "host" => Sense::Same("the load balancer passes the name on as it is"),
        "x-forwarded-for" | "x-forwarded-proto" | "x-forwarded-port" => {
            Sense::Same("the load balancer sends this header")
        }
        "x-real-ip" | "x-forwarded-host" | "x-forwarded-server" | "x-forwarded-ssl" | "x-scheme" => {
            Sense::Assumed("a load balancer sends `X-Forwarded-For`, `X-Forwarded-Proto` and `Host` instead")
        }
        _ => Sense::Lost("a load balancer sends no headers of one's own: have the program do without"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Sense {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        sense(&words[0], &words[1..], false)
    }

    #[test]
    fn what_a_load_balancer_cannot_do_keeps_nginx() {
        for line in [
            "auth_basic Staff",
            "deny all",
            "rewrite ^/a /b",
            "limit_req zone=a",
            "proxy_cache files",
            "fastcgi_pass php:9000",
            "alias /srv/",
            "if ($bad)",
            "lua_code_cache on",
        ] {
            assert!(matches!(of(line), Sense::Keeps(_)), "{line}");
        }
        let root = ["/srv".to_owned()];
        assert!(matches!(sense("root", &root, true), Sense::Keeps(_)));
    }

    #[test]
    fn what_belongs_to_leading_on_does_not() {
        for line in [
            "auth_basic off",
            "proxy_cache_bypass $http_upgrade",
            "proxy_set_header Upgrade $http_upgrade",
            "ssl_protocols TLSv1.3",
            "client_max_body_size 20m",
            "root /usr/share/nginx/html",
            "ip_hash",
        ] {
            assert!(!matches!(of(line), Sense::Keeps(_)), "{line}");
        }
    }
}
