/** Whole programs, as the page for developers shows them and tests run them. They read CONCORD_URL and CONCORD_KEY. */
export const examples = [
  {
    language: 'curl',
    code: `# Everybody whose iD you may see, the first hundred.
curl --silent --show-error --fail --header "Authorization: Bearer $CONCORD_KEY" \\
  "$CONCORD_URL/api/v1/people?limit=100"

# Adds a position to the record of one of them. The key makes it safe to send this again.
curl --silent --show-error --fail --header "Authorization: Bearer $CONCORD_KEY" \\
  --header "Content-Type: application/json" --header "Idempotency-Key: position-4711" \\
  --data '{"person_id": "'"$PERSON_ID"'", "type": "employment", "title": "Lecturer", "external_id": "position-4711"}' \\
  "$CONCORD_URL/api/v1/affiliations"

# Offers a work. Unless its person chose otherwise, its state is waiting_for_answer until they say yes.
curl --silent --show-error --fail --header "Authorization: Bearer $CONCORD_KEY" \\
  --header "Content-Type: application/json" --header "Idempotency-Key: work-10.1000/182" \\
  --data '{"person_id": "'"$PERSON_ID"'", "type": "journal-article", "title": "On bees", "date": "2024-05",
    "identifier": {"type": "doi", "value": "10.1000/182"},
    "contributors": [{"name": "Ada Lovelace", "role": "author"}]}' \\
  "$CONCORD_URL/api/v1/works"
`,
  },
  {
    language: 'Python',
    code: `# Keeps a copy of the list: all of it first, then what changes.
import json
import os
import time
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

BASE = os.environ["CONCORD_URL"] + "/api/v1"
HEADERS = {"Authorization": "Bearer " + os.environ["CONCORD_KEY"]}


def get(path, **parameters):
    while True:
        try:
            with urlopen(Request(f"{BASE}{path}?{urlencode(parameters)}", headers=HEADERS)) as answer:
                return json.load(answer)
        except HTTPError as error:
            if error.code not in (429, 503):
                raise
            time.sleep(int(error.headers.get("Retry-After", "30")))


people = {}
page = get("/people", limit=1000)
while True:
    people.update((person["id"], person) for person in page["items"])
    if page["next_cursor"] is None:
        break
    page = get("/people", limit=1000, cursor=page["next_cursor"])

# From here on, every few minutes. After a 410, begin anew.
changes = {"changes_cursor": page["changes_cursor"], "has_more": True}
while changes["has_more"]:
    changes = get("/people/changes", updated_since=changes["changes_cursor"])
    for person in changes["items"]:
        if person.get("deleted"):
            people.pop(person["id"], None)
        else:
            people[person["id"]] = person

for person in people.values():
    print(person["local_id"], person["orcid"]["uri"], sep="\\t")
`,
  },
  {
    language: 'JavaScript',
    code: `// Keeps a copy of the list: all of it first, then what changes.
const base = \`\${process.env.CONCORD_URL}/api/v1\`
const headers = { Authorization: \`Bearer \${process.env.CONCORD_KEY}\` }

async function get(path, parameters) {
  const response = await fetch(\`\${base}\${path}?\${new URLSearchParams(parameters)}\`, { headers })
  if (response.status === 429 || response.status === 503) {
    await new Promise((resolve) => setTimeout(resolve, 1000 * Number(response.headers.get('Retry-After') ?? 30)))
    return get(path, parameters)
  }
  if (!response.ok) throw new Error(await response.text())
  return response.json()
}

const people = new Map()
let page = await get('/people', { limit: 1000 })
for (;;) {
  for (const person of page.items) people.set(person.id, person)
  if (page.next_cursor === null) break
  page = await get('/people', { limit: 1000, cursor: page.next_cursor })
}

// From here on, every few minutes. After a 410, begin anew.
let changes = { changes_cursor: page.changes_cursor, has_more: true }
while (changes.has_more) {
  changes = await get('/people/changes', { updated_since: changes.changes_cursor })
  for (const person of changes.items) {
    if (person.deleted) people.delete(person.id)
    else people.set(person.id, person)
  }
}

for (const { local_id, orcid } of people.values()) console.log(\`\${local_id}\\t\${orcid.uri}\`)
`,
  },
] as const

/** By ORCID's own paths. It reads ORCID_ID and INSTITUTION too. */
export const recordExample = {
  language: 'curl, with ORCID’s paths',
  code: `# The works on a record, as ORCID has them.
curl --silent --show-error --fail --header "Authorization: Bearer $CONCORD_KEY" \\
  --header "Accept: application/json" "$CONCORD_URL/api/v1/orcid/$ORCID_ID/works"

# Adds a position. The Location of the answer ends with its put-code.
curl --silent --show-error --fail --include --header "Authorization: Bearer $CONCORD_KEY" \\
  --header "Content-Type: application/json" \\
  --data '{"role-title": "Lecturer", "organization": {"name": "'"$INSTITUTION"'"}, "external-ids": {"external-id": [
    {"external-id-type": "other-id", "external-id-value": "position-4711", "external-id-relationship": "self"}]}}' \\
  "$CONCORD_URL/api/v1/orcid/$ORCID_ID/employment"
`,
} as const
