import { getTranslations } from 'next-intl/server'
import { Section } from '@/app/staff/try/_components/section'
import { TextField } from '@/app/staff/try/_components/text-field'
import { env } from '@/lib/config/env'
import { readAll, readOne, type SearchParams } from '@/lib/list/search'
import { askableScopes } from '@/lib/orcid/scopes'
import { describeScopes } from '@/lib/texts/asked'
import { findScopeProblems } from '@/lib/trials/scopes'
import { isRedirectUri } from '@/lib/trials/trial'

/** What goes into the authorization URL. What was entered wrongly is told at its field, and stays there. */
export async function ScopeForm({ params }: { params: SearchParams }) {
  const t = await getTranslations('try')
  const { api, redirectUri, scopes: usual } = env().orcid
  const askable = askableScopes(api)
  const wasChecked = readOne(params, 'checked') !== null
  const entered = readAll(params, 'scope')
  const problems = findScopeProblems(entered, askable)
  const address = readOne(params, 'redirect_uri') ?? redirectUri
  return (
    <Section id="url" title={t('url.title')} lead={t('url.lead')}>
      <form method="post" action="/staff/try/start" className="space-y-5">
        <fieldset className="space-y-3">
          <legend className="font-semibold">{t('url.scopes')}</legend>
          {api === 'public' ? <p className="note">{t('publicOnly')}</p> : null}
          {wasChecked && entered.length === 0 ? <p className="font-medium text-bad">{t('url.none')}</p> : null}
          {(await describeScopes(askable)).map(({ scope, title, explanation }) => (
            <label key={scope} className="flex items-start gap-3">
              <input
                type="checkbox"
                name="scope"
                value={scope}
                defaultChecked={(wasChecked ? entered : usual).includes(scope)}
                className="mt-1 size-5 shrink-0"
              />
              <span className="min-w-0">
                <code translate="no">{scope}</code>
                <span className="note block">{title === scope ? explanation : `${title}. ${explanation}`}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <TextField
          name="more"
          label={t('url.more')}
          hint={t('url.moreHint')}
          value={problems.map(({ scope }) => scope).join(' ')}
          faults={problems.map(({ scope, problem, replacement }) =>
            t(`url.problems.${problem}`, { scope, replacement: replacement ?? '' }),
          )}
        />
        <TextField
          name="redirect_uri"
          label={t('url.redirect')}
          hint={t('url.redirectHint')}
          value={address}
          faults={isRedirectUri(address) ? [] : [t('url.noAddress')]}
        />
        <button type="submit" className="btn btn-primary">
          {t('url.make')}
        </button>
      </form>
    </Section>
  )
}
