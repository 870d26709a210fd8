"""What somebody might say, or be said to have said, so that a page does something."""

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "</p></div><iframe src=javascript:alert(1)>",
    "\"><b onmouseover='alert(1)'>x</b>",
    "javascript:alert(document.domain)",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}`'\"\\",
    "&lt;b&gt; &amp; &#x3c;i&#x3e; &copy",
    "<!-- <style>*{display:none}</style> -->",
    "]]><x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "\u202eevil\u202c txt.exe",
    "\u2066\u2067bidi\u2069",
    "Z̷̛͎a̸l̶g̴o̵" * 20,
    "👨‍👩‍👧‍👦🏳️‍🌈",
    "\ud800 half a pair",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "__proto__",
    "a" * 3000,
)
