import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { When } from '@/app/_components/when'
import { Explained, Section } from '@/app/staff/try/_components/section'
import { env } from '@/lib/config/env'
import { findError } from '@/lib/trials/explain'
import type { ShownTrial } from '@/lib/trials/queries'
import type { Arrival } from '@/lib/trials/trace'

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
      {arrivals.map(async ({ id, at, path, parameters, isHere }) => (
        <div key={id} className="space-y-2">
          <p className="note">
            <When at={at} /> · {t(isHere ? 'code.here' : 'code.otherBrowser')}
          </p>
          <p>
            <code className="[overflow-wrap:anywhere]" translate="no">
              GET {path}?{parameters.map(([name, value]) => `${name}=${value}`).join('&')}
            </code>
          </p>
          <Explained label={t('code.parts')} rows={await explain(parameters)} />
        </div>
      ))}
    </Section>
  )
}

async function explain(parameters: Arrival['parameters']) {
  const t = await getTranslations('try')
  return parameters.map(([name, value]) => {
    const error = name === 'error' ? findError(value) : null
    if (error) return { name, value, meaning: t(`returned.errors.${error}`) }
    return { name, value, meaning: t.has(`returned.${name}`) ? t(`returned.${name}`) : t('returned.other') }
  })
}
