import { getTranslations } from 'next-intl/server'
import { Section } from '@/app/staff/try/_components/section'

/** The other flow: a token of the client's own, for which nobody is asked. */
export async function TwoLegged() {
  const t = await getTranslations('try')
  return (
    <Section id="two-legged" title={t('twoLegged.title')} lead={t('twoLegged.lead')}>
      <form method="post" action="/staff/try/start" className="no-print">
        <button type="submit" name="flow" value="two-legged" className="btn btn-quiet">
          {t('twoLegged.do')}
        </button>
      </form>
    </Section>
  )
}
