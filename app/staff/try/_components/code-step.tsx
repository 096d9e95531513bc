import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { When } from '@/app/_components/when'
import { Explained, Section } from '@/app/staff/try/_components/section'
import { env } from '@/lib/env'
import { findError } from '@/lib/trials/explain'
import type { ShownTrial } from '@/lib/trials/queries'

/** To ORCID, and what came back from there. */
export async function CodeStep({ trial }: { trial: ShownTrial | null }) {
  const t = await getTranslations('try')
  const arrivals = trial?.steps.flatMap((step) => (step.arrival ? [{ ...step, ...step.arrival }] : [])) ?? []
  return (
    <Section id="code" title={t('code.title')} lead={t('code.lead')}>
      {trial?.url && trial.state === 'started' ? (
        <p className="no-print">
          <a href={trial.url} className="btn btn-primary">
            {t('code.go')}
          </a>
        </p>
      ) : null}
      {trial?.redirectUri && trial.redirectUri !== env().orcid.redirectUri ? (
        <Notice tone="warn">{t('code.elsewhere')}</Notice>
      ) : null}
      {trial?.url ? <p className="note">{t('code.stuck')}</p> : null}
      {arrivals.length > 0 ? <h3 id="came-back">{t('code.cameBack')}</h3> : null}
      {arrivals.map(({ id, at, path, parameters, isHere }) => (
        <div key={id} className="space-y-2">
          <p className="note">
            <When at={at} /> · {t(isHere ? 'code.here' : 'code.otherBrowser')}
          </p>
          <p>
            <code className="[overflow-wrap:anywhere]" translate="no">
              GET {path}?{parameters.map(([name, value]) => `${name}=${value}`).join('&')}
            </code>
          </p>
          <Explained
            label={t('code.parts')}
            rows={parameters.map(([name, value]) => ({ name, value, meaning: explainReturned(t, name, value) }))}
          />
        </div>
      ))}
    </Section>
  )
}

function explainReturned(t: Awaited<ReturnType<typeof getTranslations<'try'>>>, name: string, value: string): string {
  const error = name === 'error' ? findError(value) : null
  if (error) return t(`returned.errors.${error}`)
  return t.has(`returned.${name}`) ? t(`returned.${name}`) : t('returned.other')
}
