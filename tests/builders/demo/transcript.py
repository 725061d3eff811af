"""The long conversation of one agent execution: some sixty messages and their tool calls."""

from __future__ import annotations

from datetime import datetime

from tests.builders.demo.core import after, iso, number
from tests.builders.demo.prose import markdown, paragraph, sentence

ROUNDS = 15
TOOLS = ("list_invoices", "read_invoice", "read_statement", "compare_amounts", "write_report")

_ODD_TEXTS = (
    "Consignee: חברת הים הצפוני בע״מ, invoice \u200f4410",
    "Zażółć gęślą jaźń · 集装箱号 TWLU 442 017 3 · 🚢📦",
    "Cafe\u0301 Zu\u0308rich, decomposed; \u200bzero width; a\ttab",
    "<b>not markup</b> & {{ not a template }} \\n not a line break",
)


def _args(seed: str, tool: str) -> dict[str, object]:
    return {
        "invoice": f"TW-{number(seed, 90000) + 10000}",
        "options": {
            "currency": "EUR",
            "tolerance": number(seed, 100) / 1000,
            "pages": [1, 2, 7 + number(seed, 9)],
            "deep": number(seed, 2) == 0,
            "since": None,
        },
        "filters": [{"field": "carrier", "in": ["NORDLINE", "BLUE KEEL"]}, {"field": tool}],
        "limit": 50 + number(seed, 200),
    }


def _tool_call(seed: str, start: datetime) -> dict[str, object]:
    tool = TOOLS[number(seed, len(TOOLS))]
    failed = number(f"{seed}/failed", 7) == 0
    call: dict[str, object] = {
        "id": f"call_{number(seed, 16**10):010x}",
        "name": tool,
        "args": _args(seed, tool),
        "status": "TOOL_CALL_FAILED" if failed else "TOOL_CALL_COMPLETED",
        "startedAt": iso(start),
        "completedAt": iso(after(start, seconds=1 + number(seed, 20))),
        "componentMetadata": {
            "componentType": "table" if tool.startswith("list") else "document",
            "componentGroup": "ledger",
            "layoutHint": "wide",
            "metadata": {"columns": ["number", "carrier", "amount"], "rows": number(seed, 60)},
        },
    }
    if failed:
        call["error"] = "timeout: the portal did not answer within 20 s"
    else:
        call["result"] = paragraph(f"{seed}/result", 3)
    return call


def transcript(start: datetime) -> dict[str, object]:
    """``messages`` and ``toolCalls`` of an AgentExecutionStatus.

    Each round is an assistant's message with tool calls, the tools' answer, the assistant's
    conclusion and the person's next wish.
    """
    system = "You reconcile invoices. Answer in the language of the document."
    messages: list[dict[str, object]] = [
        {"type": "MESSAGE_SYSTEM", "content": system, "timestamp": iso(start)},
        {
            "type": "MESSAGE_HUMAN",
            "content": "Reconcile the December invoices with the carrier statements.",
            "timestamp": iso(after(start, seconds=3)),
        },
    ]
    calls: list[dict[str, object]] = []
    for index in range(ROUNDS):
        seed, now = f"transcript/{index}", after(start, seconds=10 + 110 * index)
        made = [_tool_call(f"{seed}/{n}", after(now, seconds=2)) for n in range(1 + index % 3)]
        calls += made
        messages += [
            {
                "type": "MESSAGE_AI",
                "content": sentence(f"{seed}/plan"),
                "timestamp": iso(now),
                "toolCalls": made,
                "metadata": {"tokens": 400 + number(seed, 900), "cached": index % 2 == 0},
            },
            {
                "type": "MESSAGE_TOOL",
                "content": paragraph(f"{seed}/answer", 2),
                "timestamp": iso(after(now, seconds=25)),
            },
            {
                "type": "MESSAGE_AI",
                "content": markdown("Findings", f"{seed}/findings", 1 + index % 2),
                "timestamp": iso(after(now, seconds=60)),
            },
            {
                "type": "MESSAGE_HUMAN",
                "content": _ODD_TEXTS[index % len(_ODD_TEXTS)],
                "timestamp": iso(after(now, seconds=90)),
            },
        ]
    return {"messages": messages, "toolCalls": calls}
