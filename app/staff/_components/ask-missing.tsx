import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { describeScopes } from '@/app/staff/_components/staff-scopes'
import type { StaffActor } from '@/lib/actor'
import { findAskable } from '@/lib/campaigns/one-person'
import { may } from '@/lib/staff/abilities'

const results = ['sent', 'refused'] as const

type Props = {
  actor: StaffActor
  personId: string
  /** What is needed; everything that the institution asks for, by default. */
  needed?: readonly string[]
  /** The item that waits for it, to come back to its page. */
  affiliationId?: string
  /** How many items wait. */
  waiting: number
  /** What the address says of the last click. */
  result: string | null
}

/** Asks somebody who allows less, by mail, for exactly what is missing. Nothing where nothing is missing. */
export async function AskMissing({ actor, personId, needed, affiliationId, waiting, result }: Props) {
  if (!may(actor, 'invitePeople')) return null
  const askable = await findAskable(actor, personId, needed)
  if (!askable || askable.missing.length === 0 || askable.fault === 'not_connected') return null
  const t = await getTranslations('staff.actions.ask')
  const faults = await getTranslations('staff.invite.faults')
  const { missing, address, fault } = askable
  const permissions = (await describeScopes(missing)).map(({ title }) => title).join(' · ')
  const said = results.find((one) => result === `ask-${one}`)
  return (
    <div id="ask" className="space-y-1 py-2">
      {said ? <Notice tone={said === 'sent' ? 'good' : 'warn'}>{t(said)}</Notice> : null}
      {fault ? (
        <p>{t('title')}</p>
      ) : (
        <form method="post" action="/staff/people/ask">
          <input type="hidden" name="person" value={personId} />
          {affiliationId ? <input type="hidden" name="affiliation" value={affiliationId} /> : null}
          <button type="submit" className="link-button" aria-describedby="ask-means">
            {t('title')}
          </button>
        </form>
      )}
      <p id="ask-means" className="note [overflow-wrap:anywhere]">
        {fault ? faults(fault) : t('means', { address: address ?? '', permissions })}{' '}
        {waiting > 0 ? t('waits', { count: waiting }) : null}
      </p>
    </div>
  )
}
