import { getFormatter, getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { PermissionWords } from '@/app/_components/permission'
import { TechnicalDetails } from '@/app/_components/technical-details'
import { When } from '@/app/_components/when'
import { type Connection, givenAt } from '@/lib/grants/grant'
import type { ShownGrant } from '@/lib/grants/queries'
import { isIdentityOnly } from '@/lib/orcid/scopes'
import { describeScopes, getAskText, listAskable } from '@/lib/texts/asked'

type Props = {
  grants: ShownGrant[]
  /** Why each was asked for when it was given, by scope. */
  reasonsRead: ReadonlyMap<string, string>
  /** `id_alone` where the iD is all that is permitted, and all that is asked for. */
  state: Connection['state'] | 'id_alone'
  endedAtOrcid: boolean
  /** Whether there is anything that could be stopped. */
  canStop: boolean
  /** Whether something else on the page comes first. */
  isQuiet: boolean
  /** The ticks were sent as they were. */
  isSame: boolean
}

/** Everything that is or can be permitted, as one form for more and for less, with a way to stop it all. */
export async function MyPermissions({ grants, reasonsRead, state, endedAtOrcid, canStop, isQuiet, isSame }: Props) {
  const t = await getTranslations('me')
  const live = grants.filter((grant) => grant.state === 'live')
  const liveScopes = live.flatMap(({ scopes }) => scopes)
  const isForm = state === 'connected' || state === 'identity_only'
  return (
    <section aria-labelledby="permissions" className="space-y-3">
      <h2 id="permissions">{t('permissions')}</h2>
      {isForm || (state !== 'id_alone' && liveScopes.length > 0) ? null : (
        <Ended state={state} endedAtOrcid={endedAtOrcid} />
      )}
      {isForm || liveScopes.length > 0 ? (
        <form id="allow" method="post" action="/me/allow">
          <Boxes live={live} reasonsRead={reasonsRead} liveScopes={liveScopes} isForm={isForm} />
        </form>
      ) : null}
      {isSame ? (
        <p role="status" className="note">
          {t('form.same')}
        </p>
      ) : null}
      <div className="no-print flex flex-wrap items-center gap-3">
        {isForm ? (
          <button type="submit" form="allow" className={isQuiet ? 'btn btn-quiet' : 'btn btn-primary'}>
            {t('form.button')}
          </button>
        ) : null}
        {canStop ? (
          <form method="get" action="/me/withdraw">
            <button type="submit" className="btn btn-quiet">
              {t('withdraw')}
            </button>
          </form>
        ) : null}
      </div>
      {isForm ? <p className="note">{t('form.means')}</p> : null}
      {canStop && !isForm ? <p className="note">{t('withdrawHint')}</p> : null}
    </section>
  )
}

async function Ended({ state, endedAtOrcid }: Pick<Props, 'state' | 'endedAtOrcid'>) {
  const t = await getTranslations('me')
  if (state === 'id_alone') return <p className="note">{t('idAlone')}</p>
  if (state === 'connected') return null
  return <EmptyState>{t(`empty.${endedAtOrcid ? 'ended_at_orcid' : state}`)}</EmptyState>
}

type BoxesProps = Pick<Props, 'reasonsRead'> & { live: ShownGrant[]; liveScopes: string[]; isForm: boolean }

async function Boxes({ live, reasonsRead, liveScopes, isForm }: BoxesProps) {
  const t = await getTranslations('me')
  const askable = isForm ? await listAskable() : []
  const { content } = await getAskText(askable)
  const scopes = [...new Set([...liveScopes, ...askable])]
  const permissions = await describeScopes(scopes)
  // Grants come newest first; the newest of those that include it says until when.
  const findGrant = (scope: string) => live.find((grant) => grant.scopes.includes(scope))
  const connect = await getTranslations('connect')
  const format = await getFormatter()
  const origins = liveScopes.map((scope) => {
    const grant = findGrant(scope)
    return grant && `${grant.id} ${format.dateTime(givenAt(grant, scope), { dateStyle: 'long' })}`
  })
  const isAtOnce = new Set(origins).size === 1
  return (
    <fieldset className="min-w-0 space-y-2">
      <legend className="sr-only">{t('permissions')}</legend>
      <div className="card card-list">
        {permissions.map(({ scope, title, explanation, reason }) => {
          const isLive = liveScopes.includes(scope)
          const isId = isIdentityOnly([scope])
          const id = `allow${scope.replaceAll('/', '-')}`
          return (
            <div key={scope} className="flex gap-3 py-3">
              {isId || !isForm ? (
                <input id={id} type="checkbox" checked={isLive} disabled readOnly className="mt-0.5 size-6 shrink-0" />
              ) : (
                <input
                  id={id}
                  type="checkbox"
                  name="scope"
                  value={scope}
                  defaultChecked={isLive}
                  className="mt-0.5 size-6 shrink-0"
                />
              )}
              <div className="min-w-0 flex-1">
                <label htmlFor={id} className="block">
                  <PermissionWords
                    title={title}
                    reason={(isLive && reasonsRead.get(scope)) || reason}
                    explanation={isLive ? undefined : explanation}
                    uses={isLive ? [] : content.permissions.find((asked) => asked.scope === scope)?.uses}
                  />
                </label>
                {isId && isForm ? <p className="note">{connect('always')}</p> : null}
                {isAtOnce && isLive ? null : <Origin grant={findGrant(scope)} scope={scope} />}
              </div>
            </div>
          )
        })}
      </div>
      {isAtOnce && liveScopes[0] ? <Origin grant={findGrant(liveScopes[0])} scope={liveScopes[0]} /> : null}
      <TechnicalDetails>
        <ul className="space-y-1 pt-1">
          {permissions.map(({ scope, title, explanation }) => (
            <li key={scope}>
              {title}: {explanation} <code className="whitespace-nowrap">{scope}</code>
            </li>
          ))}
        </ul>
      </TechnicalDetails>
    </fieldset>
  )
}

async function Origin({ grant, scope }: { grant: ShownGrant | undefined; scope: string }) {
  const t = await getTranslations('me')
  if (!grant) return <p className="note">{t('form.notAllowed')}</p>
  const { purpose, reference } = grant.attempt
  return (
    <dl className="note flex flex-wrap gap-x-4 [&_dd]:inline [&_dt]:inline [&_dt]:after:content-[':']">
      <div>
        <dt>{t('granted')}</dt>{' '}
        <dd>
          <When at={givenAt(grant, scope)} show="date" />
        </dd>
      </div>
      <div>
        <dt>{t('expires')}</dt>{' '}
        <dd>
          <When at={grant.expiresAt} show="date" />
        </dd>
      </div>
      <div>
        <dt>{t('from')}</dt> <dd>{t(`purposes.${purpose}`, { reference })}</dd>
      </div>
    </dl>
  )
}
