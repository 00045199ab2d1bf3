"""A picture of how long each case takes, next to what it is compared with: an SVG that reads well on light and dark pages."""

from html import escape

# Case, index of the entry, title, and who is drawn: the first one is what the others are measured by.
GROUPS = (
    ("wide", 0, "200 tables, 600 MB", ("fc-s3", "fd-s3", "service")),
    ("far", 0, "The same, 20 ms away", ("fc-s3", "fd", "service")),
    ("many", 1, "5,000 small tables", ("fc-s3", "service")),
    ("one", 0, "One table of 4 GB", ("fc-s3", "fd-s3", "service")),
    ("restore-wide", 0, "Restore of 600 MB, with statistics", ("pg-restore-z", "bactrian")),
)
NAMES = {
    "fc-s3": "pg_dump -Fc | aws", "fd-s3": "pg_dump -Fd -j2, tar | aws", "fd": "pg_dump -Fd -j4",
    "pg-restore-z": "aws, pg_restore -j2, vacuumdb -Z", "service": "Bactrian", "bactrian": "Bactrian",
}
OURS = ("service", "bactrian")
WIDTH, LEFT, RIGHT, BAR, GAP, HEAD = 720, 240, 70, 18, 6, 34


def draw(saved):
    """`saved` as results.load returns it; cases that weren't measured are left out."""
    parts, y = [], 12
    for case, entry, title, names in GROUPS:
        medians = saved[case][0] if case in saved else {}
        walls = [(name, medians[entry, name].wall) for name in names if (entry, name) in medians]
        if len(walls) < 2:
            continue
        longest = max(wall for _, wall in walls)
        parts.append(f'<text class="title" x="12" y="{y + 16}">{escape(title)}</text>')
        y += HEAD - 8
        for name, wall in walls:
            length = (WIDTH - LEFT - RIGHT) * wall / longest
            kind = "ours" if name in OURS else "peer"
            parts.append(f'<text x="{LEFT - 10}" y="{y + 13}" text-anchor="end">{escape(NAMES[name])}</text>'
                         f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" rx="3"/>'
                         f'<text x="{LEFT + length + 8:.1f}" y="{y + 13}">{_seconds(wall)}</text>')
            y += BAR + GAP
        y += 14
    style = ("text{font:13px system-ui,sans-serif;fill:#57606a}.title{font-weight:600;fill:#24292f}"
             ".ours{fill:#c2703d}.peer{fill:#aab4bf}"
             "@media(prefers-color-scheme:dark){text{fill:#9aa4b0}.title{fill:#e6edf3}.peer{fill:#58616b}}")
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" role="img" '
            f'aria-label="Seconds that backups and a restore take, next to those of pg_dump and pg_restore">'
            f"<style>{style}</style>\n" + "\n".join(parts) + "\n</svg>\n")


def _seconds(wall):
    return f"{wall:.1f} s" if wall < 100 else f"{wall:.0f} s"
