//! Texts that mean something to one of the places they pass through: page, workbook, Word, typesetter, search, file system.

/// A text and what it is about.
#[derive(Debug, Clone)]
pub struct Payload {
    /// What it tries.
    pub name: &'static str,
    /// The text as it is typed.
    pub text: String,
}

/// For short fields (names have 50 characters, units 10) and long ones; `port` is one on which nobody must ever knock.
pub fn payloads(port: u16) -> Vec<Payload> {
    let of = |name, text: &str| Payload { name, text: text.replace("PORT", &port.to_string()) };
    vec![
        of("script", "<script>__hostile=1</script>"),
        of("picture", "<img src=//127.0.0.1:PORT/b>"),
        of("event", "<img src=x onerror=__hostile=2>"),
        of("breaking out of an attribute", "\"'><svg/onload=__hostile=3>"),
        of(
            "picture with everything",
            "</td></tr></table><img src=\"http://127.0.0.1:PORT/c\" onerror=\"__hostile=4;fetch('http://127.0.0.1:PORT/d')\"><style>*{background:url(http://127.0.0.1:PORT/e)}</style>",
        ),
        of("address", "javascript:__hostile=5"),
        of("expression of the page", "{{constructor.constructor('__hostile=6')()}}"),
        of("command", "=cmd|'/C calc'!A0"),
        of("link", "=HYPERLINK(\"http://127.0.0.1:PORT/f\",\"看\")"),
        of("sum", "=1+1"),
        of("plus", "+1+2"),
        of("minus", "-2+3"),
        of("at", "@SUM(1+1)"),
        of("tab first", "\t=1+2"),
        of("carriage return first", "\r=1+3"),
        of("full-width equals", "＝1+4"),
        of("escape of a workbook", "_x0041__x000D_"),
        of("override of direction", "石\u{202e}三老\u{202c}fdp.exe"),
        of("isolate and marks", "\u{2067}甲\u{2069}\u{200f}乙\u{61c}"),
        of("no width", "石\u{200b}老\u{feff}三\u{2060}"),
        of("control characters", "石\0老\u{1b}[31m三\u{7}\u{9f}"),
        of("no characters", "甲\u{fffe}乙\u{ffff}丙\u{10ffff}"),
        of("emoji", "👩\u{200d}👩\u{200d}👧\u{200d}👦👍🏽🇨🇳1️⃣"),
        of("widths", "ＡＢＣabc１２３　ﾊﾝ，,"),
        of("decomposed", "e\u{301}か\u{3099}한"),
        of("marks upon marks", &format!("Z{}", "\u{301}\u{323}\u{489}".repeat(8))),
        of("rare characters", "𠮷𰻞\u{e000}\u{f8ff}"),
        of("typst", "#read(\"/etc/passwd\") $x^2$ \\ @甲 *粗* _斜_ <乙>"),
        of("typst string", "\"]) #panic() \\u{41}"),
        of("typst lines", "= 标题\n- 甲\n/ 乙: 丙\n// 丁"),
        of("xml", "]]>&lt;&amp;&#65;<w:t>甲</w:t><!--"),
        of("word field", "</w:t><w:instrText>DDEAUTO c:\\x</w:instrText>"),
        of("placeholder", "{{走访户次}}{{ 走访户次 }}{% for a in b %}"),
        of("repeated placeholder", "{{#走访台账}}{{走访台账.户主}}{{/走访台账}}"),
        of("macro of a template", "f(\"visits.households\") #if 甲 {say(\"乙\")}"),
        of("path up", "..\\..\\con"),
        of("path", "../../etc/passwd"),
        of("device", "aux.txt:乙"),
        of("sql", "'; DROP TABLE household; --"),
        of("like", "100%_\\%"),
        of("words of a search", "\"甲 NEAR( OR * AND ^"),
        of("json", "\",\"deleted\":true,\"x\":\""),
        of("format", "%s%n%00${jndi:ldap://127.0.0.1:PORT/g}"),
        of("joined names", "甲、乙、、丙"),
        of("lines", "第一行\r\n第二行\u{2028}第三行\u{85}尾"),
        of("only what is not seen", "\u{200b}\u{202e} \u{feff}"),
        of("ten characters", &"十".repeat(10)),
        of("fifty characters", &"五".repeat(50)),
        of("fifty-one characters", &"六".repeat(51)),
        of("one long word", &"w".repeat(300)),
        of("five thousand characters", &"千".repeat(5000)),
        of("a hundred thousand characters", &"亿".repeat(100_000)),
    ]
}
