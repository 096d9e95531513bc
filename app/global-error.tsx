'use client'

import './globals.css'
import { fatal } from '@/messages/en.json'

/** The last page, for when the layout itself failed. It has no request to ask for a language, so it speaks English. */
export default function GlobalErrorPage({ error }: { error: unknown }) {
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : null
  return (
    <html lang="en">
      <body>
        <title>{fatal.title}</title>
        <main className="shell space-y-3 py-12">
          <h1>{fatal.title}</h1>
          <p>{fatal.kept}</p>
          <p>{fatal.next}</p>
          {digest ? (
            <p className="note">
              {fatal.reference} <code>{digest}</code>
            </p>
          ) : null}
        </main>
      </body>
    </html>
  )
}
