import { getTranslations } from 'next-intl/server'
import { field } from '@/app/staff/_components/filter-form'
import { Section } from '@/app/staff/try/_components/section'
import { env } from '@/lib/env'
import { describeScopes } from '@/lib/http/asking'
import { askableScopes } from '@/lib/orcid/scopes'
import { readAll, readOne, type SearchParams } from '@/lib/search'
import { findScopeProblems } from '@/lib/trials/scopes'

/** What goes into the authorization URL. What was entered wrongly is told at its field, and stays there. */
export async function ScopeForm({ params }: { params: SearchParams }) {
  const t = await getTranslations('try')
  const { api, redirectUri, scopes: usual } = env().orcid
  const askable = askableScopes(api)
  const wasChecked = readOne(params, 'checked') !== null
  const entered = readAll(params, 'scope')
  const problems = findScopeProblems(entered, askable)
  const address = readOne(params, 'redirect_uri') ?? redirectUri
  const isAddress = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)
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
        <div className="space-y-1">
          <label htmlFor="more" className="block font-semibold">
            {t('url.more')}
          </label>
          <span className="note block" id="more-hint">
            {t('url.moreHint')}
          </span>
          {problems.map(({ scope, problem, replacement }) => (
            <span key={scope} className="block font-medium text-bad">
              {t(`url.problems.${problem}`, { scope, replacement: replacement ?? '' })}
            </span>
          ))}
          <input
            id="more"
            name="more"
            defaultValue={problems.map(({ scope }) => scope).join(' ')}
            aria-invalid={problems.length > 0 || undefined}
            aria-describedby="more-hint"
            className={`${field} mono`}
          />
        </div>
        <div className="space-y-1">
          <label htmlFor="redirect_uri" className="block font-semibold">
            {t('url.redirect')}
          </label>
          <span className="note block" id="redirect-hint">
            {t('url.redirectHint')}
          </span>
          {isAddress ? null : <span className="block font-medium text-bad">{t('url.noAddress')}</span>}
          <input
            id="redirect_uri"
            name="redirect_uri"
            defaultValue={address}
            aria-invalid={isAddress ? undefined : true}
            aria-describedby="redirect-hint"
            className={`${field} mono`}
          />
        </div>
        <button type="submit" className="btn btn-primary">
          {t('url.make')}
        </button>
      </form>
    </Section>
  )
}
