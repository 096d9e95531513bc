/** Shown on the page for developers, and run by a test. It reads WEBHOOK_SECRET and PORT. */
export const webhookExample = {
  language: 'JavaScript, a receiver of webhooks',
  code: `// npm install standardwebhooks. Runs behind a server that has the certificate of its https address.
import { createServer } from 'node:http'
import { Webhook } from 'standardwebhooks'

const webhook = new Webhook(process.env.WEBHOOK_SECRET)
// In your database, with what you do: an event may come twice.
const done = new Set()

const server = createServer(async (request, response) => {
  const parts = []
  for await (const part of request) parts.push(part)
  let event
  try {
    // The body as it came, before any parser. Throws if it is not from us, or five minutes old.
    event = webhook.verify(Buffer.concat(parts).toString(), request.headers)
  } catch {
    return response.writeHead(401).end()
  }
  const id = request.headers['webhook-id']
  if (!done.has(id)) console.log(event.type, event.data.person ?? '')
  done.add(id)
  // At once, and the work afterwards: read GET /api/v1/people/<person> with your key.
  response.writeHead(204).end()
})
server.listen(Number(process.env.PORT ?? 8080), () => console.log('listening', server.address().port))
`,
} as const

/** The same. It reads CONCORD_URL, CONCORD_KEY, ORCID_ID, and the credentials of another member at ORCID. */
export const delegationExample = {
  language: 'JavaScript, an id_token for another member',
  code: `// The system asks for an id_token. A new key each time: it is given once.
const released = await fetch(\`\${process.env.CONCORD_URL}/api/v1/delegations\`, {
  method: 'POST',
  headers: {
    Authorization: \`Bearer \${process.env.CONCORD_KEY}\`,
    'Content-Type': 'application/json',
    'Idempotency-Key': crypto.randomUUID(),
  },
  body: JSON.stringify({ orcid: process.env.ORCID_ID }),
})
if (!released.ok) throw new Error(await released.text())
const { id_token, exchange } = await released.json()
const { token_endpoint, ...parameters } = exchange

// The member exchanges it at ORCID with its own client, and again an hour later.
const answer = await fetch(token_endpoint, {
  method: 'POST',
  headers: { Accept: 'application/json' },
  body: new URLSearchParams({
    client_id: process.env.MEMBER_CLIENT_ID,
    client_secret: process.env.MEMBER_CLIENT_SECRET,
    subject_token: id_token,
    ...parameters,
  }),
})
if (!answer.ok) throw new Error(await answer.text())
const { orcid, scope, expires_in } = await answer.json()
console.log(orcid, scope, expires_in)
`,
} as const
