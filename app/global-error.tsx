'use client'

import './globals.css'
import { fatalWords } from '@/app/_components/fatal-words'

/** The last page, for when the layout itself failed. It has no request to ask for a language, so it speaks English. */
export default function GlobalErrorPage({ error }: { error: unknown }) {
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : null
  return (
    <html lang="en">
      <body>
        <title>{fatalWords.title}</title>
        <main className="shell space-y-3 py-12">
          <h1>{fatalWords.title}</h1>
          <p>{fatalWords.kept}</p>
          <p>{fatalWords.next}</p>
          {digest ? (
            <p className="note">
              {fatalWords.reference} <code>{digest}</code>
            </p>
          ) : null}
        </main>
      </body>
    </html>
  )
}
