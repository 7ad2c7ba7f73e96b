//! How everyday programs read their arguments: a row a family.

use super::super::arguments::{NONE, Options};
use super::super::list::List;
use super::{Operands, Usage};

/// A program whose operands are files.
const FILES: Usage = Usage {
    programs: List(""),
    options: NO_OPTIONS,
    first_is_data: false,
    replacing: &[],
    files: &[],
    fields: &[],
    globs: &[],
    operands: Operands::Files,
};

const NO_OPTIONS: Options = Options {
    short: "",
    long: List(""),
};

/// How everyday programs read their arguments.
pub(super) const USAGES: [Usage; 11] = [
    Usage {
        programs: List(
            "grep egrep fgrep rgrep zgrep zegrep zfgrep bzgrep xzgrep ggrep pcregrep pcre2grep",
        ),
        options: Options {
            short: "efmABCdD",
            long: List(
                "regexp file max-count after-context before-context context binary-files \
                 devices directories exclude exclude-dir exclude-from include label",
            ),
        },
        first_is_data: true,
        replacing: &[('e', "regexp"), ('f', "file")],
        files: &[('f', "file"), (NONE, "exclude-from")],
        globs: &[(NONE, "include")],
        ..FILES
    },
    Usage {
        programs: List("rg ugrep"),
        options: Options {
            short: "efmABCEgjMTtdr",
            long: List(
                "regexp file max-count after-context before-context context glob iglob encoding \
                 engine color colors context-separator ignore-file max-columns max-depth \
                 max-filesize path-separator pre pre-glob replace sort sortr threads type \
                 type-add type-clear type-not",
            ),
        },
        first_is_data: true,
        replacing: &[
            ('e', "regexp"),
            ('f', "file"),
            (NONE, "files"),
            (NONE, "type-list"),
        ],
        files: &[('f', "file")],
        globs: &[('g', "glob"), (NONE, "iglob")],
        ..FILES
    },
    Usage {
        programs: List("ag ack"),
        options: Options {
            short: "ABCGmgW",
            long: List("after before context max-count ignore ignore-dir depth"),
        },
        first_is_data: true,
        replacing: &[('g', "files-with-matches")],
        ..FILES
    },
    Usage {
        programs: List("sed gsed"),
        options: Options {
            short: "efl",
            long: List("expression file line-length"),
        },
        first_is_data: true,
        replacing: &[('e', "expression"), ('f', "file")],
        files: &[('f', "file")],
        ..FILES
    },
    Usage {
        programs: List("awk gawk mawk nawk"),
        options: Options {
            short: "FvfeEil",
            long: List("field-separator assign file source exec include load"),
        },
        first_is_data: true,
        replacing: &[('f', "file"), ('e', "source"), ('E', "exec")],
        files: &[('f', "file"), ('E', "exec"), ('i', "include")],
        ..FILES
    },
    Usage {
        programs: List("jq yq gojq jaq dasel fx"),
        options: Options {
            short: "fL",
            long: List("from-file indent"),
        },
        first_is_data: true,
        replacing: &[('f', "from-file")],
        files: &[('f', "from-file")],
        ..FILES
    },
    Usage {
        programs: List("ssh scp sftp ssh-copy-id autossh"),
        options: Options {
            short: "iFoJlpPbcDeILmQRSwW",
            long: List(""),
        },
        ..FILES
    },
    Usage {
        programs: List("ssh-add ssh-keygen ssh-keyscan"),
        options: Options {
            short: "fNCtbPI",
            long: List(""),
        },
        first_is_data: true,
        ..FILES
    },
    Usage {
        programs: List("tr expr seq basename dirname"),
        first_is_data: true,
        ..FILES
    },
    Usage {
        programs: List("curl curlie"),
        options: Options {
            short: "AbcCdDeEFHKmoPQrtTuUwxXyYz",
            long: List(
                "alt-svc aws-sigv4 cacert capath cert cert-type ciphers config connect-timeout \
                 connect-to continue-at cookie cookie-jar crlfile curves data data-ascii \
                 data-binary data-raw data-urlencode delegation dns-servers dump-header engine \
                 etag-compare etag-save form form-string header hostpubmd5 interface json \
                 keepalive-time key key-type libcurl limit-rate local-port login-options \
                 max-filesize max-redirs max-time netrc-file noproxy output output-dir \
                 parallel-max pass pinnedpubkey proto proto-default proxy proxy-header \
                 proxy-user pubkey quote range rate referer request request-target resolve retry \
                 retry-delay retry-max-time service-name socks5 socks5-hostname speed-limit \
                 speed-time stderr tls-max trace trace-ascii unix-socket upload-file url \
                 url-query user user-agent variable write-out",
            ),
        },
        files: &[
            ('K', "config"),
            ('T', "upload-file"),
            ('o', "output"),
            ('b', "cookie"),
            ('c', "cookie-jar"),
            ('D', "dump-header"),
            (NONE, "url"),
            (NONE, "etag-save"),
            (NONE, "libcurl"),
            (NONE, "stderr"),
            (NONE, "trace"),
            (NONE, "trace-ascii"),
        ],
        fields: &[
            ('d', "data"),
            (NONE, "data-ascii"),
            (NONE, "data-binary"),
            (NONE, "data-urlencode"),
            (NONE, "json"),
            ('F', "form"),
            ('H', "header"),
            (NONE, "proxy-header"),
            (NONE, "url-query"),
            (NONE, "variable"),
            ('w', "write-out"),
        ],
        operands: Operands::Addresses,
        ..FILES
    },
    Usage {
        programs: List("http https xh xhs"),
        options: Options {
            short: "aAopPs",
            long: List(
                "auth auth-type output print pretty session session-read-only style timeout \
                 proxy raw verify ssl ciphers cert cert-key max-redirects max-headers \
                 response-charset response-mime format-options boundary",
            ),
        },
        files: &[('o', "output")],
        operands: Operands::Fields,
        ..FILES
    },
];
