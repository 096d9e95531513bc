import { getTranslations } from 'next-intl/server'
import { field } from '@/app/staff/_components/fields'
import { TestResult } from '@/app/staff/campaigns/_components/test-result'

type Props = { about: { template: string; locale: string }; result: string | null }

/** Sends the saved text to the one who writes it. */
export async function TestForm({ about: { template, locale }, result }: Props) {
  const t = await getTranslations('staff.mailTexts.test')
  return (
    <section aria-labelledby="test" className="no-print space-y-3 border-line border-t pt-6">
      <h2 id="test">{t('title')}</h2>
      <p className="text-ink-soft">{t('hint')}</p>
      <TestResult result={result} />
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
