'use client'

import { useErrorTexts } from '@/app/_components/error-texts'

type Props = { error: unknown; retry: () => void; back: 'home' | 'staff' }

/** What nobody foresaw. The digest is in the log beside the error itself. */
export function ErrorOutcome({ error, retry, back }: Props) {
  const texts = useErrorTexts()
  if (!texts) return null
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : null
  return (
    <div className="max-w-(--column)">
      <title>{texts.title}</title>
      <div role="alert" className="space-y-3">
        <h1>{texts.title}</h1>
        <p className="text-lg">{texts.kept}</p>
      </div>
      <p className="my-6 flex flex-wrap items-center gap-4">
        <button type="button" className="btn btn-primary" onClick={retry}>
          {texts.retry}
        </button>
        <a href={back === 'staff' ? '/staff' : '/'}>{texts[back]}</a>
      </p>
      <div className="note flex flex-wrap gap-x-6 border-line border-t pt-4">
        {digest ? (
          <span>
            {texts.reference} <code>{digest}</code>
          </span>
        ) : null}
        <span>
          {texts.questions}{' '}
          <a href={`mailto:${texts.supportEmail}`} translate="no">
            {texts.supportEmail}
          </a>
        </span>
      </div>
    </div>
  )
}
