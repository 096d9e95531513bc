import { useTranslations } from 'next-intl'

/** Stands where a record is about to be. Without script the page cannot put it here, and offers another that waits. */
export function RecordLoading() {
  const t = useTranslations('record')
  return (
    <div role="status" aria-busy="true" className="card space-y-3">
      <p>{t('loading')}</p>
      <noscript>
        <p>
          <a href="?wait">{t('withoutScript')}</a>
        </p>
      </noscript>
      {['w-2/3', 'w-full', 'w-1/2'].map((width) => (
        <div key={width} aria-hidden="true" className={`h-4 max-w-[34rem] rounded bg-sunken ${width}`} />
      ))}
    </div>
  )
}
