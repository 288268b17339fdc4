"""The rules: one table, from which findings take their severity and the reference page its text.

`good` stands word for word in the lawful example project (`tests/cases/lawful`), in the file `path`; putting
`bad` in its place plants the fault that the rule is there to find. The tests do just that.
"""

from __future__ import annotations

from dataclasses import dataclass

from atlas.records.model import Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING
PAGE = "source/incidents/acme-2024-03-05.md"
GUIDE = "source/debugging/queue-full.md"
INDEX = "source/index.md"
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


SAFETY = frozenset(
    (
        *("MERMAID004", "MERMAID005", "MERMAID006", "MERMAID008", "MERMAID010", "COMMAND007", "LINK002"),
        *("PAGE001", "PAGE002", "LEDGER001", "LEDGER004", "GATE007", "GATE008", "GATE011"),
    )
)
"""Rules that guard readers and their machines, and the rules of exemptions: no exemption is given from them."""

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
            "Use flowchart, stateDiagram-v2 or sequenceDiagram.",
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
            "MERMAID005", ERROR, "diagram too large",
            "Beyond 50 kB the engine's parsers are slow; beyond 300 boxes, groups, arrows and words on arrows it may give up while drawing; a diagram of this size is unreadable anyway.",
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
            "Build on Linux x86-64, macOS arm64 or Windows amd64, or set atlas_without_engine = \"pass\".",
        ),
        Rule(
            "MERMAID008", ERROR, "picture, link or script in a label",
            "Drawings hold words alone, so that they load nothing and can be read out; the rest would be dropped.",
            "Write words, and link a node by `click NODE \"id\"`.",
            PAGE, '    API["⚙️ Order API"]', '    API["⚙️ <a href=\'https://a.example\'>Order API</a>"]',
        ),
        Rule(
            "MERMAID010", ERROR, "drawing lacks what was read",
            "After drawing, every word of every label, every box and every arrow is looked for in the picture; what a reader cannot see would be checked and published all the same.",
            "Write the label, the box or the arrow in another way.",
        ),
        Rule(
            "MERMAID011", ERROR, "Mermaid draws something else",
            "Some text parses and is drawn otherwise than it reads, or not at all: mathematics, groups in each other, words on a shape that shows none, `A---ok`.",
            "Write what the message says.",
            PAGE, '    API["⚙️ Order API"]', '    API["⚙️ $$x^2$$"]',
        ),
        # Diagrams
        Rule(
            "MERMAID009", ERROR, "plain mermaid fence",
            "A plain fence goes round every rule: no source, no plane, any typed number.",
            "Write it as an atlas-diagram. A project that lets them pass sets atlas_plain_mermaid.",
        ),
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
        Rule(
            "DIAGRAM004", ERROR, "incident without a broken box",
            "Every box of an incident was touched; the reader looks for the one that broke.",
            "Write `:::broken` behind the box that broke, beside its plane.",
            PAGE, 'limit ${limit}")]:::broken', 'limit ${limit}")]',
        ),
        Rule(
            "DIAGRAM005", ERROR, "drawing with too many boxes or lifelines",
            "About twelve boxes or eight lifelines read at a glance; more than twenty-five or ten are two stories.",
            "Split it where the message says, or leave out what helps nobody.",
        ),
        Rule(
            "DIAGRAM006", ERROR, "the scaffold's own words",
            "A page that was begun and not written looks like one that was.",
            "Say what stands there, or take it out.",
            PAGE, '-->|"adds workers"|', '-->|"what moves"|',
        ),
        Rule(
            "DIAGRAM007", ERROR, "directive or role that is none",
            "A block without braces, colons without colon_fence and a role in the wrong language are shown as they are written, and nobody checks them.",
            "Write it as the message says.",
            GUIDE, "```{atlas-diagram} debugging/queue-full", "```atlas-diagram debugging/queue-full",
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
        Rule(
            "SOURCE007", ERROR, "documentation or code that does not say what it is true of",
            "What a manual of one version says may harm whoever runs another.",
            'Write of = "RabbitMQ 3.13" (product and version, or product and month where there are no versions).',
            DOCS, 'of = "queued 2"\n', "",
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
            "FACT010", ERROR, "as_of is missing, is no time, or does not fit its source",
            "Figures age; a figure without a date is always new.",
            "Give the date at which the figure was true.",
            LEDGER, "as_of = 2024-03-05 }  # backlog", "as_of = 2025-03-05 }  # backlog",
        ),
        Rule(
            "FACT012", ERROR, "evidence line proves nothing",
            "An evidence line belongs to the arrow or the box above it; elsewhere it dresses advice as evidence.",
            'Write %% = publisher/key "words" on the line below an arrow or a box.',
            PAGE, '%% = acme/outage "1.4 million jobs"', '%% = acme/outage',
        ),
        Rule(
            "FACT013", ERROR, "changed leads nowhere",
            "A figure that a later version changed is shown with what is true now.",
            'Write changed = { in = "4.0", fact = "publisher/key:fact" } with a fact of the ledgers.',
            DOCS, 'says = "default limit of a queue", ', 'says = "default limit of a queue", changed = { in = "3", fact = "queued/manual:limits" }, ',
        ),
        Rule(
            "FACT014", ERROR, "figure beside the fact's own",
            "What a ledger says of a figure is read with it; a second figure of the same kind contradicts it, and has no words of its own.",
            "Take it out, write it as a fact of its own, or let `text` hold it.",
            LEDGER, 'says = "jobs waiting at the peak"', 'says = "nearly two million jobs waiting"',
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
        Rule(
            "GATE011", ERROR, "exemption from a rule of safety",
            "A link that runs a script, or a picture that is not there, is no question of leave.",
            "Delete the exemption, and mend what it covers.",
        ),
        # Commands
        Rule(
            "COMMAND001", ERROR, "command has no id of its own",
            "Looks, links and trials name a command by its id on the page.",
            "Write lower-case words and dashes behind the directive, each id once on a page.",
            GUIDE, "{atlas-command} drop", "{atlas-command} depth",
        ),
        Rule(
            "COMMAND002", ERROR, "unknown or doubled option of a command",
            "An option that is not understood would be dropped without a word.",
            "Use one of the options that the message names, each once.",
            GUIDE, ":loses: every job", ":looses: every job",
        ),
        Rule(
            "COMMAND003", ERROR, "effect of a command is missing or unknown",
            "Nobody at 3 AM should have to guess whether a command only looks.",
            "Write `:effect: reads`, `changes` or `destroys`: a deletion, a reset, a kill of work is `destroys`.",
            PAGE, "  :effect: changes\n", "",
        ),
        Rule(
            "COMMAND004", ERROR, "command does not say what it runs on",
            "A flag that the reader's version does not have costs minutes, or does something else.",
            "Name the tool and its versions in `:on:`, as in `redis >= 7.0, linux`.",
            PAGE, "  :on: queued >= 1.0\n", "",
        ),
        Rule(
            "COMMAND005", ERROR, "block is not exactly one command",
            "Of two commands in a block one is run unread; what is no shell command cannot be pasted.",
            "Give each command a block. A pipe, a loop, a heredoc, a quoted text of many lines are one; `;` and `&&` make two.",
            PAGE, "queuectl workers add 2\n", "queuectl workers add 2; queuectl workers list\n",
        ),
        Rule(
            "COMMAND006", ERROR, "typed prompt, or a command in a plain block",
            "A prompt is pasted along, and a command that is not declared says nothing of its effect.",
            "Write the command alone, in a block of its own: {atlas-command}. Output, log lines and settings go in ```text.",
            PAGE, "queuectl workers add 2\n", "$ queuectl workers add 2\n",
        ),
        Rule(
            "COMMAND007", ERROR, "command does more than its effect says",
            "Whoever reads “reads” runs it without a thought. Known are redirections to files, pipes into a shell, and programs and statements that set or delete something.",
            "Say what it does, or run something that only reads.",
            GUIDE, "     queuectl depth --host <host>\n", "     queuectl depth --host <host> | xargs rm\n",
        ),
        Rule(
            "COMMAND008", ERROR, "what is destroyed is not said, or cannot be seen before",
            "Who destroys must know what is gone, and look first.",
            "Write `:loses:` (what is gone, in words) and `:look:` (the id of a command of this page that shows it).",
            GUIDE, "     :loses: every job that waits\n", "",
        ),
        Rule(
            "COMMAND009", ERROR, "look leads to nothing that reads",
            "Looking first must be possible, and must not change what is looked at.",
            "Name a command of the same page whose effect is `reads`.",
            GUIDE, ":look: depth", ":look: depht",
        ),
        Rule(
            "COMMAND010", ERROR, "placeholder is not explained",
            "What is to stand in place of <these> words is obvious only to whoever wrote them.",
            "Say it once on the page, in backticks: `<host>`: each server of the cluster in turn.",
            GUIDE, "`<host>`: the server of the queue.", "Take the server of the queue.",
        ),
        Rule(
            "COMMAND011", ERROR, "expected output is no pattern, or any",
            "A pattern that matches an empty answer is satisfied by a tool that was not reached.",
            "Write a regular expression that matches what is printed where it works, or the word `nothing`.",
            PAGE, r":expect: ^added \d+", r":expect: (added \d+)?",
        ),
        Rule(
            "COMMAND012", ERROR, "expected output is not the sample",
            "Of the two one is wrong, and readers compare with both.",
            "Mend the pattern or the sample below `--- prints ---`.",
            PAGE, "  added 2\n", "  ok\n",
        ),
        Rule(
            "COMMAND013", ERROR, "command cannot be run first",
            "What stands above the picture is run before anything is understood: it must read, be told from a failure, lead somewhere, and be little.",
            "Mark one to three commands that read, have `:expect:`, and say in the paragraph below what each outcome means.",
            GUIDE, "     :expect: (?m)^depth \\d+ of \\d+$\n", "",
        ),
        Rule(
            "COMMAND014", ERROR, "guide without a command to run first",
            "Whoever opens a guide wants to know within a minute which of its branches is theirs.",
            "Mark the one to three commands that decide with `:run-first:`.",
            GUIDE, "     :run-first:\n", "",
        ),
        Rule(
            "COMMAND015", ERROR, "command belongs to no diagram",
            "Commands are counted, found and tried by the diagram that they belong to.",
            "Put it on the page of its diagram.",
            INDEX, "# Lawful\n", "# Lawful\n\n```{atlas-command} stray\n:effect: reads\n:on: linux\nuptime\n```\n",
        ),
        # Timelines
        Rule(
            "TIMELINE001", ERROR, "row of a timeline is malformed",
            "A row that is not understood would leave a gap that nobody sees.",
            "Write `publisher/key:fact | kind | event`; kinds are trigger, detected, escalated, tried, mended, over, changed.",
            PAGE, "| detected |", "| noticed |",
        ),
        Rule(
            "TIMELINE002", ERROR, "timeline is out of order",
            "Readers take what stands below for later.",
            "Put the rows in order of time, or mend `as_of` of the fact.",
            PAGE, "acme/outage:began | trigger | a release", "acme/outage:ended | mended | it looks well\nacme/outage:began | trigger | a release",
        ),
        Rule(
            "TIMELINE003", ERROR, "timeline has no trigger or no end",
            "How long it took cannot be seen where it does not say what began it and when it was over.",
            "Add the row; where no time is published, name the source and say so.",
            PAGE, "acme/outage:ended | over |", "acme/outage:ended | mended |",
        ),
        Rule(
            "TIMELINE004", ERROR, "timeline names an unknown fact or source",
            "A time without a source is a time that somebody remembers.",
            "Write the time into the ledger of its source, or mend the id.",
            PAGE, "acme/outage:began", "acme/outage:begun",
        ),
        Rule(
            "TIMELINE005", ERROR, "fact of a timeline is no time",
            "A duration or a count cannot be put in order.",
            "Name a fact whose value is a time such as 22:52 UTC with the exact day in `as_of`, or the source alone.",
            PAGE, "acme/outage:began |", "acme/outage:backlog |",
        ),
        Rule(
            "TIMELINE006", ERROR, "typed number in an event",
            "A figure that cannot be clicked is not trusted, in a timeline no more than elsewhere.",
            "Write {atlas:fact}`publisher/source:fact`, or leave the figure out.",
            PAGE, "a release doubles the orders", "a release brings 2,000 orders/s",
        ),
        Rule(
            "TIMELINE007", ERROR, "incident without a timeline",
            "What set it off, why it was not seen sooner and what ended it is what others can learn.",
            "Add {atlas-timeline} behind the diagram, with the times that are published.",
        ),
        Rule(
            "TIMELINE008", ERROR, "timeline belongs to no diagram, or is there twice",
            "One incident has one course of events.",
            "Put it behind the diagram of its incident, once.",
            INDEX, "# Lawful\n", "# Lawful\n\n```{atlas-timeline}\nacme/outage:began | trigger | it began\nacme/outage:ended | over | it ended\n```\n",
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
        # Pages
        Rule(
            "PAGE001", ERROR, "raw HTML that acts, or is more than words",
            "What runs, loads or redirects on a page runs for every reader; an imitated mark of quality is believed.",
            "Write it in MyST. A project says with atlas_raw_html what it allows.",
            GUIDE, "# A full queue\n", "# A full queue\n\n<iframe src=\"https://acme.example/\"></iframe>\n",
        ),
        Rule(
            "PAGE002", ERROR, "character that is not seen as it acts",
            "Control characters reach terminals, others turn a line around or hide in a word that is then not found.",
            "Delete the character that the message names.",
            GUIDE, "# A full queue\n", "# A full \u202equeue\n",
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
        Rule(
            "LEDGER004", ERROR, "character in a ledger that is not seen as it acts",
            "What stands in a ledger is printed on pages and in terminals, which a control character can command.",
            "Delete the character that the message names, also where it is written as an escape.",
            LEDGER, 'says = "jobs waiting at the peak"', 'says = "jobs \u200bwaiting at the peak"',
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
        Rule(
            "TRIAL001", ERROR, "trial of an unknown page",
            "What was tried must belong to a page that exists.",
            "Delete the trial, or restore the page.",
        ),
        Rule(
            "TRIAL002", ERROR, "guide that was not tried and does not say why",
            "Commands that nobody ran are a guess; where the software cannot be had, readers are told.",
            "Write a trial in tests/trials and run `tox -e trials -- --record`, or a ledger of trials with `untried`.",
        ),
        Rule(
            "TRIAL003", ERROR, "trial has seen what is not drawn",
            "A box or an arrow that was renamed would lose the mark that it was tried, without a word.",
            "Name it in SHOWS of its module in tests/trials as it stands in the drawing, and run `tox -e trials -- --record`.",
        ),
        Rule(
            "CHECK001", ERROR, "check that contradicts itself",
            "The ledger of checks says what was seen when; a row that was typed or damaged says so without anyone having looked.",
            "Delete the line; `atlas recheck --copies DIR` looks again and writes it.",
        ),
        Rule(
            "CHECK002", ERROR, "check stands twice",
            "Two rows of one claim may disagree, and readers would see either.",
            "Delete the line; `atlas recheck --copies DIR` looks again and writes it.",
        ),
        Rule(
            "REVIEW004", ERROR, "review claims what its page does not hold",
            "A review is believed; it must be of this version, of sources that the page cites, and of figures in them.",
            "Let `atlas mark-reviewed` write it.",
        ),
        Rule(
            "REVIEW005", ERROR, "review stands twice",
            "Ledgers that many hands append to are merged line by line; a doubled record counts twice.",
            "Delete one of the two.",
        ),
    )
}  # fmt: skip


def severity(rule: str) -> Severity:
    """The severity of a rule id; unknown ids are a fault of this program and raise KeyError."""
    return RULES[rule].severity
