"""The rules: one table, from which findings take their severity and the reference page its text.

`good` stands word for word in the lawful example project (`tests/cases/lawful`), in the file `path`; putting
`bad` in its place plants the fault that the rule is there to find. The tests do just that.
"""

from __future__ import annotations

from dataclasses import dataclass

from .model import Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING
PAGE = "source/incidents/acme-2024-03-05.md"
GUIDE = "source/debugging/queue-full.md"
LEDGER = "source/_data/sources/acme.toml"
DOCS = "source/_data/sources/queued.toml"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it means (`title`), `why` it exists, how to `mend` a breach, and an example of both."""

    id: str
    severity: Severity
    title: str
    why: str
    mend: str
    path: str = ""
    good: str = ""
    bad: str = ""


RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        # Mermaid
        Rule(
            "MERMAID001", ERROR, "invalid Mermaid",
            "A diagram that does not parse is no diagram; other tools let it through and print an empty box.",
            "Mend the line that the engine names. Quote labels that hold punctuation.",
            PAGE, '  API -->|"orders"| Q', "  API -->|orders Q",
        ),
        Rule(
            "MERMAID002", ERROR, "diagram type is not lawful",
            "Planes, facts and failure paths are defined on flowcharts, state and sequence diagrams only.",
            "Use flowchart, stateDiagram-v2 or sequenceDiagram; other pictures go in a plain mermaid fence.",
            GUIDE, "flowchart TB", "mindmap",
        ),
        Rule(
            "MERMAID003", ERROR, "empty diagram",
            "A diagram without nodes shows nothing to fix.",
            "Write the Mermaid text below the options, after an empty line.",
        ),
        Rule(
            "MERMAID004", ERROR, "diagram configures the engine",
            "Theme, layout, fonts and security are set in one place, so that text is measured with the font that is drawn.",
            "Delete the %%{init}%% line or the front matter. Title and alternative text are options of the directive.",
            PAGE, "flowchart LR", '%%{init: {"theme": "dark"}}%%\nflowchart LR',
        ),
        Rule(
            "MERMAID005", ERROR, "diagram over 50 kB",
            "Two of the engine's parsers are quadratic; a diagram of this size is unreadable anyway.",
            "Split the diagram.",
        ),
        Rule(
            "MERMAID006", ERROR, "diagram could not be drawn",
            "What cannot be drawn within the time limit would be missing from the page.",
            "Simplify the diagram, or raise atlas_draw_timeout.",
        ),
        Rule(
            "MERMAID007", WARNING, "no drawing engine on this platform",
            "The engine ships no wheel for this platform, so diagrams are not parsed; the page falls back to sphinxcontrib-mermaid.",
            "Build on Linux x86-64, macOS arm64 or Windows amd64.",
        ),
        Rule(
            "MERMAID008", ERROR, "picture, link or script in a label",
            "Drawings hold words alone, so that they load nothing and can be read out; the rest would be dropped.",
            "Write words, and link a node by `click NODE \"id\"`.",
            PAGE, '    API["⚙️ Order API"]', '    API["⚙️ <a href=\'https://a.example\'>Order API</a>"]',
        ),
        # Diagrams
        Rule(
            "DIAGRAM001", ERROR, "diagram id is taken",
            "An id is an address: links, reviews and runbooks point at it.",
            "Rename one of the two diagrams.",
            GUIDE, "```{atlas-diagram} debugging/queue-full", "```{atlas-diagram} incidents/acme-2024-03-05",
        ),
        Rule(
            "DIAGRAM002", ERROR, "bad option value",
            "An option that is not understood would be dropped without a word.",
            "Use one of the values that the message names.",
            GUIDE, ":version: 1.0", ":version: draft",
        ),
        Rule(
            "DIAGRAM003", ERROR, "required option is missing",
            "Without a title nobody finds the diagram, without an alternative text nobody hears it.",
            "Add the option below the directive.",
            GUIDE, ":alt: A full queue is drained by more workers.\n", "",
        ),
        # Planes
        Rule(
            "PLANE001", ERROR, "node stands in no plane",
            "The plane says where to look first: edge, service, state or control.",
            "Move the node into `subgraph edge|service|state|control`, or write `:::edgeStyle` behind it.",
            PAGE, '    API["⚙️ Order API"]\n  end', '  end\n  API["⚙️ Order API"]',
        ),
        Rule(
            "PLANE002", ERROR, "class contradicts the placement",
            "A node cannot stand in one plane and wear the colours of another, or those of two.",
            "Drop the class, or move the node.",
            PAGE, '    API["⚙️ Order API"]', '    API["⚙️ Order API"]:::stateStyle',
        ),
        Rule(
            "PLANE003", ERROR, "colour is not the plane's",
            "Readers learn four colours once; a fifth one lies.",
            "Drop the colour. Lawful fills: edge #0066CC, service #00AA00, state #FF8800, control #CC0000; outlines may be a shade of them.",
            PAGE, '  API -->|"orders"| Q', '  API -->|"orders"| Q\n  style API fill:#0066CD',
        ),
        Rule(
            "PLANE004", ERROR, "stream plane",
            "There are four planes. Streams and queues hold state: they belong to the state plane.",
            "Put the node into the state plane.",
            PAGE, 'Q[("💾 Order queue', 'Q[("💾 Stream plane queue',
        ),
        # Sources
        Rule(
            "SOURCE001", ERROR, "diagram without sources",
            "A diagram that stands on nothing cannot be trusted at 3 AM.",
            "List the ids of its sources in `:sources:`.",
            GUIDE, ":sources: queued/manual\n", "",
        ),
        Rule(
            "SOURCE002", ERROR, "unknown source",
            "The publication is not in the ledger, so nobody can follow the link.",
            "Add it to source/_data/sources/PUBLISHER.toml, or mend the id.",
            GUIDE, ":sources: queued/manual", ":sources: queued/manul",
        ),
        Rule(
            "SOURCE003", ERROR, "source without facts",
            "A source that supports no fact supports nothing.",
            "Write down what it says, or delete it.",
            DOCS, "\n[manual.facts]\n", "\n[other.facts]\n",
        ),
        Rule(
            "SOURCE004", ERROR, "url does not lead to the publication",
            "A home page, a blog index or a clone does not hold the sentence that the number came from.",
            "Give the address of the publication itself.",
            LEDGER, "https://engineering.acme.example/2024/03/queue-outage", "https://engineering.acme.example/blog/",
        ),
        Rule(
            "SOURCE005", ERROR, "dates do not add up",
            "Nobody reads a text before it is published, or tomorrow.",
            "Mend `published` or `read`.",
            LEDGER, "read      = 2024-04-01", "read      = 2999-01-01",
        ),
        Rule(
            "SOURCE006", ERROR, "spot in a repository is not pinned",
            "A line of code is only the same line at the same commit.",
            "Give the commit in 40 hex digits and `where` as path#Lline; `copy` as owner/repository@commit:path.",
            DOCS, 'commit = "0123456789abcdef0123456789abcdef01234567"', 'commit = "main"',
        ),
        # Facts
        Rule(
            "FACT001", ERROR, "unknown fact",
            "A number without a fact is a number without a source.",
            "Write the fact into the ledger of a source that the diagram lists, or mend the name.",
            PAGE, "${backlog}", "${backlogg}",
        ),
        Rule(
            "FACT002", ERROR, "text does not hold the number",
            "The words quoted from the source must contain the figure that is shown.",
            "Copy the few words of the source that hold the number.",
            LEDGER, 'text = "1.4 million jobs"', 'text = "a great many jobs"',
        ),
        Rule(
            "FACT003", ERROR, "typed digit in a label",
            "A figure typed into a drawing, its title, caption, alternative text or symptoms cannot be clicked, aged or checked.",
            "Make it a fact and write ${fact}. Identifiers, versions, error codes and ports may be typed.",
            PAGE, "${backlog} waiting", "1,400,000 waiting",
        ),
        Rule(
            "FACT004", ERROR, "derived fact does not hold",
            "A figure of our own making must be the one that its formula gives.",
            "Correct the value, the formula or the names in it.",
            LEDGER, 'derived = "backlog / outage", value = "1,000 jobs/s"', 'derived = "backlog / outage", value = "2,000 jobs/s"',
        ),
        Rule(
            "FACT005", ERROR, "fact is used nowhere",
            "An unused figure is reviewed by nobody and ages unseen.",
            "Show it in a diagram or in prose, or delete it.",
            LEDGER, "[outage.facts]\n", '[outage.facts]\nspare = { value = "9 h", text = "nine hours", says = "not shown", as_of = 2024-03-05 }\n',
        ),
        Rule(
            "FACT006", ERROR, "fact name is ambiguous",
            "Two sources of the diagram have a fact of this name.",
            "Write ${source-key:fact}.",
            DOCS, "limit = {", 'backlog = { value = "1 job", text = "1 job", says = "twin", as_of = 2024-01-01 }\nlimit = {',
        ),
        Rule(
            "FACT007", ERROR, "text is longer than eight words",
            "A quotation points at a spot; a sentence belongs to its author.",
            "Keep the few words around the number.",
            LEDGER, 'text = "1.4 million jobs"', 'text = "there were at that time about 1.4 million jobs waiting in it"',
        ),
        Rule(
            "FACT008", ERROR, "digest alone carries a number",
            "A digest is somebody's summary; two independent sources or none.",
            "Add a second source with the same figure and name it in `corroborates`, or drop the figure.",
            LEDGER, 'tier      = "operator"', 'tier      = "digest"',
        ),
        Rule(
            "FACT009", ERROR, "fact does not say where it stands",
            "Without the words or the place nobody can find the figure again.",
            "Give `text`, `where` or `derived`.",
            LEDGER, 'text = "1.4 million jobs", ', "",
        ),
        Rule(
            "FACT010", ERROR, "as_of is missing or after the reading",
            "Figures age; a figure without a date is always new.",
            "Give the date at which the figure was true.",
            LEDGER, "as_of = 2024-03-05 }  # backlog", "as_of = 2025-03-05 }  # backlog",
        ),
        Rule(
            "FACT011", WARNING, "typed number in prose",
            "The promise holds for sentences, headings, link texts and the answers of gates too: a number that cannot be clicked is not trusted.",
            "Write {atlas:fact}`publisher/source:fact`. Dates, versions, codes, steps and identifiers may be typed; code is free.",
            PAGE, "The queue filled", "Within 90 seconds the queue filled",
        ),
        # Gates
        Rule(
            "GATE001", ERROR, "unknown gate or check",
            "A misspelt term would count as an answer to nothing.",
            "Use the term that the message offers.",
            PAGE, "Blast radius\n: ", "Blast radious\n: ",
        ),
        Rule(
            "GATE002", ERROR, "check is not answered",
            "A gap that is not named is taken for a pass.",
            "Answer it, or write `not published: reason` or `not applicable: reason`.",
            PAGE, "Data loss\n: not published: the report names no lost order\n\n", "",
        ),
        Rule(
            "GATE003", ERROR, "gate is missing",
            "Every category owes the gates that make it useful in an incident.",
            "Add the gate below the diagram.",
        ),
        Rule(
            "GATE004", ERROR, "gate belongs to no diagram, or is there twice",
            "An answer must belong to exactly one diagram.",
            "Put the gate behind its diagram, once, or name the diagram in `:for:`.",
            GUIDE, "{quality-gate} 3am\n", "{quality-gate} 3am\n:for: debugging/nowhere\n",
        ),
        Rule(
            "GATE005", ERROR, "answer has no content",
            "“Not published” without what was read is a shrug; so are TODO, n/a, none and a dash.",
            "Answer it; or say what was read and does not say it, or why it does not apply.",
            PAGE, "not published: the report names no lost order", "not published",
        ),
        Rule(
            "GATE006", WARNING, "computed check fails",
            "A new colleague would stumble here.",
            "Explain the acronym, name the version, label the edge, connect the node, show a figure; or answer the check with a reason.",
            PAGE, '  API -->|"orders"| Q', "  API --> Q",
        ),
        Rule(
            "GATE007", ERROR, "exemption has expired",
            "Leave was given for a time; the time is over.",
            "Mend the breach, or ask the approver again.",
        ),
        Rule(
            "GATE008", ERROR, "exemption covers nothing",
            "An exemption that nothing needs hides the next breach.",
            "Delete it, or mend its rule or diagram.",
        ),
        Rule(
            "GATE009", ERROR, "computed check is attested",
            "A computed check says what was found on the page; an author's word must not overrule it.",
            "Mend what the check finds, or decline it: `not published: reason` or `not applicable: reason`.",
            PAGE, "::::{quality-gate} incident", "::::{quality-gate} new-hire\nScale shown\n: the queue is big enough\n::::\n\n::::{quality-gate} incident",
        ),
        Rule(
            "GATE010", ERROR, "check is answered twice",
            "Only one of the two would be counted, and nobody knows which one is right.",
            "Merge the two answers.",
            PAGE, "Blast radius\n: ", "Blast radius\n: One order.\n\nBlast radius\n: ",
        ),
        # Links
        Rule(
            "LINK001", ERROR, "id leads nowhere",
            "A dead link at 3 AM costs a minute that nobody has.",
            "Use one of the ids that the message offers.",
            PAGE, 'click Q "debugging/queue-full"', 'click Q "debugging/queue-fill"',
        ),
        Rule(
            "LINK002", ERROR, "link scheme is refused",
            "Only https leads to a publication and nothing else.",
            "Use https, or an id of the atlas.",
            PAGE, 'click Q "debugging/queue-full"', 'click Q "javascript:alert(1)"',
        ),
        Rule(
            "LINK003", ERROR, "click does nothing",
            "A click on a node that is not there, or on a function that no page has, would be dropped without a word.",
            "Name a node of the diagram, and the id or https address that it leads to.",
            PAGE, 'click Q "debugging/queue-full"', 'click Queue "debugging/queue-full"',
        ),
        # Ledgers
        Rule(
            "LEDGER001", ERROR, "broken TOML",
            "A ledger that does not parse hides every fact in it.",
            "Mend the line that the message names.",
            LEDGER, "[outage.facts]", "[outage.facts",
        ),
        Rule(
            "LEDGER002", ERROR, "wrong key, type or value in a ledger",
            "A key that is not understood would be dropped without a word.",
            "Use one of the keys or values that the message names.",
            LEDGER, 'extent    = "full"', 'extend    = "full"',
        ),
        Rule(
            "LEDGER003", ERROR, "entry stands twice",
            "Two entries of one name contradict each other sooner or later.",
            "Keep one.",
        ),
        # Catalogue and reviews
        Rule(
            "CATALOGUE001", ERROR, "catalogue names an unknown category, system, kind or phase",
            "What is planned must fit the plan.",
            "Use one of the ids that the message offers.",
        ),
        Rule(
            "CATALOGUE002", ERROR, "catalogue plans one id twice",
            "A diagram is counted once.",
            "Delete one of the two.",
        ),
        Rule(
            "CATALOGUE003", ERROR, "systems matrix has holes",
            "Thirty systems in eight kinds make 240 cells.",
            "Add the missing cells.",
        ),
        Rule(
            "CATALOGUE004", ERROR, "diagram has an unknown category, system or kind",
            "Such a diagram would be counted nowhere.",
            "Use one of the ids that the message offers, or add the operator to the catalogue's systems.",
            PAGE, ":system: acme", ":system: acne",
        ),
        Rule(
            "REVIEW001", ERROR, "review is malformed",
            "A review is of one content hash and one version.",
            "Let `atlas mark-reviewed` write it.",
        ),
        Rule(
            "REVIEW002", ERROR, "review lies in the future",
            "Nobody has read tomorrow's page.",
            "Mend its time.",
        ),
        Rule(
            "REVIEW003", ERROR, "review of an unknown diagram",
            "A review must belong to a diagram that exists.",
            "Mend its id, or restore the diagram.",
        ),
    )
}  # fmt: skip


def severity(rule: str) -> Severity:
    """The severity of a rule id; unknown ids are a fault of this program and raise KeyError."""
    return RULES[rule].severity
