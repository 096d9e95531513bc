import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { type ReceivedMail, startMailServer } from '@/scripts/mail-server'
import { mailViews, renderGone, renderList, renderMail, renderMailboxPage, toFrame } from '@/scripts/mailbox-pages'
import { root } from '@/scripts/processes'

export type KeptMail = { number: number; mail: ReceivedMail; at: Date }

export type Mailbox = { url: string; smtpUrl: string; stop(): Promise<void> }

const keptMax = 500
const perPage = 50

const pagePolicy =
  "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** A mail server that keeps the last 500 mails in memory, and a page that shows them. `portal`: whose pictures mails show. */
export async function startMailbox(options: { port: number; smtpPort: number; portal: string }): Promise<Mailbox> {
  const kept: KeptMail[] = []
  let count = 0
  const smtp = await startMailServer({
    port: options.smtpPort,
    receive(mail) {
      kept.unshift({ number: ++count, mail, at: new Date() })
      kept.length = Math.min(kept.length, keptMax)
    },
  })
  const server = createServer(getRequestListener(makeApp(kept, options.portal).fetch, { overrideGlobalObjects: false }))
  try {
    server.listen(options.port, '127.0.0.1')
    await once(server, 'listening')
  } catch (error) {
    await smtp.stop()
    throw error
  }
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : options.port
  return {
    url: `http://127.0.0.1:${port}`,
    smtpUrl: `smtp://127.0.0.1:${smtp.port}`,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await Promise.all([closed, smtp.stop()])
    },
  }
}

function makeApp(kept: readonly KeptMail[], portal: string): Hono {
  const app = new Hono()
  const css = ['app/_theme/tokens.css', 'scripts/mailbox.css'].map((file) => readFileSync(join(root, file), 'utf8'))
  // What a mail loads from elsewhere is not loaded: nobody learns that it was read.
  const bodyPolicy = `default-src 'none'; img-src data: ${portal}; style-src 'unsafe-inline'; font-src data:; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox`
  app.use(async (c, next) => {
    await next()
    c.header('X-Content-Type-Options', 'nosniff')
    c.header('Referrer-Policy', 'no-referrer')
    c.header('Cache-Control', 'no-store')
    c.header('Content-Security-Policy', c.req.path.endsWith('/body') ? bodyPolicy : pagePolicy)
  })
  app.get('/style.css', (c) => c.text(css.join('\n'), 200, { 'Content-Type': 'text/css; charset=utf-8' }))
  app.get('/', (c) => {
    const words = (c.req.query('q') ?? '').trim().slice(0, 200)
    const found = kept.filter(({ mail }) => has(mail, words))
    const pages = Math.max(1, Math.ceil(found.length / perPage))
    const page = Math.min(pages, Math.max(1, Math.trunc(Number(c.req.query('page'))) || 1))
    const mails = found.slice((page - 1) * perPage, page * perPage)
    const list = renderList({ mails, total: found.length, words, page, pages, kept: keptMax })
    return c.html(renderMailboxPage('All mails', list, { watches: kept.length === 0 }))
  })
  app.get('/mails/:number', (c) => {
    const at = find(kept, c)
    const one = kept[at]
    if (!one) return c.html(renderMailboxPage('Not here', renderGone()), 404)
    const view = mailViews.find((known) => known === c.req.query('view')) ?? (one.mail.html ? 'html' : 'text')
    const shown = { kept: one, view, newer: kept[at - 1]?.number ?? null, older: kept[at + 1]?.number ?? null }
    return c.html(renderMailboxPage(one.mail.subject, renderMail(shown)))
  })
  app.get('/mails/:number/body', (c) => {
    const one = kept[find(kept, c)]
    return one ? c.html(toFrame(one.mail.html)) : c.notFound()
  })
  app.get('/mails/:number/source', (c) => {
    const one = kept[find(kept, c)]
    if (!one) return c.notFound()
    return c.body(new Uint8Array(one.mail.raw), 200, { 'Content-Type': 'text/plain; charset=utf-8' })
  })
  app.notFound((c) => c.html(renderMailboxPage('Not here', renderGone()), 404))
  return app
}

const find = (kept: readonly KeptMail[], c: Context) =>
  kept.findIndex(({ number }) => String(number) === c.req.param('number'))

const has = ({ to, subject }: ReceivedMail, words: string) =>
  words === '' || `${to}\n${subject}`.toLowerCase().includes(words.toLowerCase())
