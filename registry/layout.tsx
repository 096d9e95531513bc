/** @jsxImportSource hono/jsx */
import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { RegistryContext } from './context'
import { ownName } from './people'
import type { Session } from './sessions'

type PageOptions = { title: string; session: Session | null; status?: 200 | 404; query?: URLSearchParams }

// No form-action, which would block the consent form's redirects to the client. ORCID's own page sends its decision by
// script and blocks nothing either.
const CSP =
  "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"

export function renderPage(c: RegistryContext, options: PageOptions, content: Child): Response | Promise<Response> {
  c.header('Content-Security-Policy', CSP)
  c.header('X-Content-Type-Options', 'nosniff')
  c.header('Referrer-Policy', 'same-origin')
  c.header('Cache-Control', 'no-store')
  const lang = options.query?.get('lang') ?? 'en'
  const page = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${options.title} · Local ORCID registry</title>
<link rel="icon" href="/_assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/_assets/tokens.css">
<link rel="stylesheet" href="/_assets/style.css">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
${<Header session={options.session} query={options.query} />}
<main id="content">${content}</main>
${<Footer lang={lang} />}
</body>
</html>`
  return c.html(page, options.status ?? 200)
}

function Header({ session, query }: { session: Session | null; query: URLSearchParams | undefined }) {
  const rest = query && query.size > 0 ? `?${query}` : ''
  return (
    <header>
      <p class="band">Local ORCID registry: nothing here is real</p>
      <div class="bar">
        <a class="home" href="/">
          Local ORCID registry
        </a>
        <nav aria-label="Registry">
          {session && (
            <a class="who" href={`/${session.person.orcid}`}>
              <bdi>{ownName(session.person) || session.person.orcid}</bdi>
            </a>
          )}
          {session && <a href="/my-orcid">My record</a>}
          <a href="/trusted-parties">Trusted parties</a>
          {session ? <a href={`/signout${rest}`}>Sign out</a> : <a href={`/signin${rest}`}>Sign in</a>}
        </nav>
      </div>
    </header>
  )
}

function Footer({ lang }: { lang: string }) {
  return (
    <footer>
      <p>
        A stand-in for development, demonstrations and tests. It is not ORCID, has no connection with ORCID and holds no
        record of anybody.
      </p>
      {!lang.startsWith('en') && (
        <p>
          The link asked for the language <code>{lang}</code>. ORCID would follow it; the stand-in speaks English.
        </p>
      )}
    </footer>
  )
}
