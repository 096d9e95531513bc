import { html } from 'hono/html'
import type { KeptMail } from '@/scripts/mailbox'

type Html = ReturnType<typeof html>

/** A whole page of the mailbox. */
export function renderMailboxPage(title: string, content: Html, { watches = false } = {}): Html {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${watches ? html`<meta http-equiv="refresh" content="5">` : ''}
<title>${title} · Mailbox</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
<p class="band">Mailbox of this machine: no mail leaves it</p>
<p class="bar"><a class="home" href="/">Mailbox</a></p>
</header>
<main id="content">${content}</main>
</body>
</html>`
}

type List = { mails: KeptMail[]; total: number; words: string; page: number; pages: number; kept: number }

/** The list, newest first. */
export function renderList({ mails, total, words, page, pages, kept }: List): Html {
  const href = (to: number) => `/?${new URLSearchParams({ ...(words ? { q: words } : {}), page: String(to) })}`
  return html`<h1>Mailbox</h1>
<form class="find" action="/" role="search">
<label for="q" class="hidden">Address or subject</label>
<input id="q" name="q" type="search" value="${words}" placeholder="Address or subject">
<button type="submit">Find</button>
</form>
${total === 0 ? empty(words) : html`<p class="soft">${total} ${total === 1 ? 'mail' : 'mails'}, newest first. The last ${kept} are kept until the demo stops.</p>`}
${mails.length === 0 ? '' : html`<ol class="mails">${mails.map(renderLine)}</ol>`}
${pages < 2 ? '' : html`<nav class="pages" aria-label="Pages"><span>Page ${page} of ${pages}</span>${page > 1 ? html`<a rel="prev" href="${href(page - 1)}">Newer</a>` : ''}${page < pages ? html`<a rel="next" href="${href(page + 1)}">Older</a>` : ''}</nav>`}`
}

const empty = (words: string) =>
  words
    ? html`<p class="soft">No mail has “${words}” in an address or its subject. <a href="/">Show all</a></p>`
    : html`<p class="soft">No mail yet. What the portal sends appears here; this page looks again every five seconds.</p>`

const renderLine = ({ number, mail, at }: KeptMail) => html`<li>
<a href="/mails/${number}"><bdi>${mail.subject || '(no subject)'}</bdi></a>
<span class="soft">to <bdi>${mail.to}</bdi></span>
<time class="soft" datetime="${at.toISOString()}">${toTime(at)}</time>
</li>`

const toTime = (at: Date) => at.toISOString().slice(0, 19).replace('T', ' ')

export const mailViews = ['html', 'text', 'headers'] as const
export type MailView = (typeof mailViews)[number]
const viewNames = { html: 'HTML', text: 'Plain text', headers: 'Headers' }

type Shown = { kept: KeptMail; view: MailView; newer: number | null; older: number | null }

/** One mail, in one of its forms. */
export function renderMail({ kept: { number, mail, at }, view, newer, older }: Shown): Html {
  const subject = mail.subject || '(no subject)'
  return html`<p class="bar-small"><a href="/">All mails</a>${newer === null ? '' : html`<a rel="prev" href="/mails/${newer}?view=${view}">Newer</a>`}${older === null ? '' : html`<a rel="next" href="/mails/${older}?view=${view}">Older</a>`}</p>
<h1><bdi>${subject}</bdi></h1>
<dl>
<div><dt>From</dt><dd><bdi>${mail.headers.get('from') ?? mail.from}</bdi></dd></div>
<div><dt>To</dt><dd><bdi>${mail.to}</bdi></dd></div>
<div><dt>Bounces to</dt><dd><bdi>${mail.from || 'nobody'}</bdi></dd></div>
<div><dt>Received</dt><dd><time datetime="${at.toISOString()}">${toTime(at)} UTC</time></dd></div>
</dl>
<nav class="views" aria-label="Forms of the mail">${mailViews.map((one) => html`<a href="/mails/${number}?view=${one}"${one === view ? html` aria-current="page"` : ''}>${viewNames[one]}</a>`)}<a href="/mails/${number}/source">Source</a></nav>
${renderView(number, view, mail)}`
}

function renderView(number: number, view: MailView, mail: KeptMail['mail']): Html {
  if (view === 'headers') {
    return html`<pre>${[...mail.headers].map(([name, value]) => `${name}: ${value}`).join('\n')}</pre>`
  }
  if (view === 'text') return mail.text ? html`<pre>${withLinks(mail.text)}</pre>` : missing('text')
  if (!mail.html) return missing('HTML')
  // Nothing of a mail runs here. Its links open in a page of their own.
  return html`<iframe src="/mails/${number}/body" title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"></iframe>`
}

const missing = (what: string) => html`<p class="soft">This mail has no ${what}.</p>`

const withLinks = (text: string) =>
  text
    .split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/)
    .map((part, index) =>
      index % 2 === 1 ? html`<a href="${part}" target="_blank" rel="noreferrer">${part}</a>` : part,
    )

/** The HTML of a mail, whose links leave the frame that it stands in. */
export const toFrame = (body: string) =>
  `<!DOCTYPE html><base target="_blank">${body.replace(/^\s*<!doctype[^>]*>/i, '')}`

/** For a mail that is not kept any more. */
export const renderGone = (): Html =>
  html`<h1>Not here</h1>
<p>There is no such mail. The mailbox forgets its mails when the demo stops. <a href="/">Show all mails</a></p>`
