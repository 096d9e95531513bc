import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { AffiliationState } from '@/app/_components/affiliation'
import { OrcidId } from '@/app/_components/orcid-id'
import { type OutcomeAction, OutcomePage } from '@/app/_components/outcome'
import { Permission, PermissionList } from '@/app/_components/permission'
import { ScopeDetails } from '@/app/_components/technical-details'
import { When } from '@/app/_components/when'
import type { MyAttempt } from '@/app/connect/_components/my-attempt'
import { env } from '@/lib/config/env'
import { receiptPath } from '@/lib/grants/receipt'
import { orcidUri } from '@/lib/orcid/id'
import { coversScopes, isIdentityOnly } from '@/lib/orcid/scopes'
import { describeScopes, getNextStep, getOffice } from '@/lib/texts/asked'

type Props = {
  attempt: MyAttempt
  outcome: 'connected' | 'updated' | 'already-connected' | 'fewer' | 'different-id'
  /** What to do next, where it is something else than usual. */
  next?: string
  action?: OutcomeAction
  /** Stands in for the one iD. */
  who?: ReactNode
}

/** An attempt that brought something: whose it was, what they permitted as ORCID granted it, and what happens next. */
export async function AttemptOutcomePage({ attempt, outcome, next, action, who }: Props) {
  const t = await getTranslations('attempt')
  const isFirstId = outcome === 'connected' && isIdentityOnly(attempt.grant.scopes)
  return (
    <OutcomePage
      tone={outcome === 'different-id' ? 'plain' : 'good'}
      title={t(`${outcome}.title`)}
      kept={isFirstId ? t('connected.keptId') : t(`${outcome}.kept`)}
      next={attempt.mustAnswer ? t('question') : (next ?? (await getNextStep()))}
      actions={[
        { label: t(attempt.mustAnswer ? 'answer' : 'see'), href: '/me', look: 'primary' },
        action ?? { label: t('receipt'), href: receiptPath(attempt.reference) },
      ]}
      reference={attempt.reference}
      supportEmail={env().institution.supportEmail}
      details={<Permitted attempt={attempt} />}
    >
      {who ?? <Who orcid={attempt.orcid} name={attempt.name} />}
      <NotMe />
      <WhoAsked attempt={attempt} />
      <BeingWritten items={attempt.items} />
    </OutcomePage>
  )
}

/** The iD that ORCID has just vouched for. */
export async function Who({ orcid, name, label }: { orcid: string; name: string | null; label?: string }) {
  const t = await getTranslations('attempt')
  return (
    <div className="card space-y-1">
      {label ? <p className="note">{label}</p> : null}
      <p className="font-semibold">{name ? <bdi translate="no">{name}</bdi> : t('nameNotPublic')}</p>
      <OrcidId uri={orcidUri(orcid, env().orcid.registry)} name={name} authenticated />
    </div>
  )
}

/** Who asked, and in which campaign; nothing for those who came by themselves. */
async function WhoAsked({ attempt: { isAsked, campaign } }: { attempt: MyAttempt }) {
  if (!isAsked) return null
  const t = await getTranslations('attempt')
  const office = await getOffice()
  return <p>{campaign ? t('askedFor', { office, campaign }) : t('asked', { office })}</p>
}

/** What waited for the permission and is written now. */
async function BeingWritten({ items }: Pick<MyAttempt, 'items'>) {
  if (items.length === 0) return null
  const t = await getTranslations('attempt')
  const words = await getTranslations('affiliation')
  return (
    <section aria-labelledby="writing" className="space-y-3">
      <h2 id="writing">{t('writing', { count: items.length })}</h2>
      <ul className="card card-list">
        {items.map(({ id, kind, title, department, state }) => (
          <li key={id} className="flex flex-wrap items-start justify-between gap-x-6 gap-y-1 py-3">
            <span className="min-w-0 [overflow-wrap:anywhere]">
              <span className="font-medium" translate="no">
                {title}
              </span>
              <span className="note block">{[words(`kinds.${kind}`), department].filter(Boolean).join(' · ')}</span>
            </span>
            <AffiliationState state={state} />
          </li>
        ))}
      </ul>
    </section>
  )
}

async function NotMe() {
  const t = await getTranslations('attempt')
  return (
    <p className="no-print -mt-3 flex flex-wrap items-center gap-x-3">
      <a href="/connect/not-me" className="inline-flex min-h-6 items-center">
        {t('notMe')}
      </a>
      <span className="note">{t('notMeHint')}</span>
    </p>
  )
}

/** The permissions as granted and, where some are missing, those that were asked for in vain. */
async function Permitted({ attempt }: { attempt: MyAttempt }) {
  const t = await getTranslations('attempt')
  const granted = await describeScopes(attempt.grant.scopes)
  const missing = await describeScopes(attempt.asked.filter((scope) => !coversScopes(attempt.grant.scopes, [scope])))
  return (
    <section aria-labelledby="permitted" className="space-y-3">
      <h2 id="permitted">{t('permitted')}</h2>
      <PermissionList>
        {granted.map((permission) => (
          <Permission key={permission.scope} {...permission} />
        ))}
      </PermissionList>
      <p className="note">{t.rich('until', { when: () => <When at={attempt.grant.expiresAt} show="date" /> })}</p>
      {missing.length > 0 ? (
        <>
          <h2 className="pt-3">{t('notPermitted')}</h2>
          <PermissionList>
            {missing.map((permission) => (
              <Permission key={permission.scope} granted={false} {...permission} />
            ))}
          </PermissionList>
        </>
      ) : null}
      <ScopeDetails permissions={[...granted, ...missing]} />
    </section>
  )
}
