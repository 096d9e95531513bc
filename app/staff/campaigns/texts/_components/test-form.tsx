import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { field } from '@/app/staff/_components/fields'

const results = [
  'sent',
  'not_configured',
  'stopped',
  'line_break',
  'too_long',
  'non_ascii',
  'malformed',
  'elsewhere',
  'not_allowed',
] as const

type Props = { about: { template: string; locale: string }; result: string | null }

/** Sends the saved text to the one who writes it. */
export async function TestForm({ about: { template, locale }, result: said }: Props) {
  const t = await getTranslations('staff.mailTexts.test')
  const result = results.find((one) => one === said)
  return (
    <section aria-labelledby="test" className="no-print space-y-3 border-line border-t pt-6">
      <h2 id="test">{t('title')}</h2>
      <p className="text-ink-soft">{t('hint')}</p>
      {result ? <Notice tone={result === 'sent' ? 'good' : 'warn'}>{t(`results.${result}`)}</Notice> : null}
      <form method="post" action="/staff/campaigns/texts/test" className="max-w-[24rem] space-y-4">
        <input type="hidden" name="template" value={template} />
        <input type="hidden" name="locale" value={locale} />
        <label className="block space-y-1">
          <span className="note block">{t('address')}</span>
          <input name="address" type="email" required autoComplete="email" className={field} />
        </label>
        <button type="submit" className="btn btn-quiet">
          {t('button')}
        </button>
      </form>
    </section>
  )
}
