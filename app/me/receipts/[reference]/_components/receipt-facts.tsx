import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { OrcidId } from '@/app/_components/orcid-id'
import { grantStates, State } from '@/app/_components/state'
import { When } from '@/app/_components/when'
import { ExactTime } from '@/app/me/receipts/[reference]/_components/exact-time'
import { type Receipt, receiptPath } from '@/lib/grants/receipt'

/** Who, when, until when, and how it stands. */
export async function ReceiptFacts({ receipt }: { receipt: Receipt }) {
  const t = await getTranslations('me.receipt')
  const tMe = await getTranslations('me')
  const { facts, standing } = receipt
  const { researcher, institution } = facts
  const since = new Date(standing.since)
  return (
    <dl className="receipt-facts">
      <Fact name={t('reference')}>
        <span translate="no" className="mono">
          {facts.reference}
        </span>
      </Fact>
      <Fact name={t('id')}>
        <OrcidId uri={researcher.id} name={researcher.name} authenticated />
      </Fact>
      <Fact name={t('name')}>
        {researcher.name ? <bdi translate="no">{researcher.name}</bdi> : tMe('nameNotPublic')}
      </Fact>
      <Fact name={t('askedBy')}>
        {facts.campaign ? <bdi translate="no">{facts.campaign}</bdi> : t(`purposes.${facts.purpose}`)}
      </Fact>
      <Fact name={t('grantedAt')}>
        <ExactTime at={facts.grantedAt} />
      </Fact>
      <Fact name={t('validUntil')}>
        <ExactTime at={facts.validUntil} />
      </Fact>
      <Fact name={t('state')}>
        <State state={grantStates[standing.state]}>
          <span className="whitespace-normal">
            {tMe.rich(`ends.${standing.state}`, { when: () => <When key="when" at={since} show="date" /> })}
            {standing.replacedBy ? (
              <>
                {' · '}
                <a href={receiptPath(standing.replacedBy)} translate="no" className="mono">
                  {standing.replacedBy}
                </a>
              </>
            ) : null}
          </span>
        </State>
        <p className="note">
          {t.rich(standing.state === 'live' ? 'asOf' : 'endedAt', {
            when: () => <ExactTime key="at" at={standing.state === 'live' ? standing.asOf : standing.since} />,
          })}
        </p>
      </Fact>
      <Fact name={t('client')}>
        {t(`registries.${facts.registry}`)} · <code translate="no">{facts.clientId}</code>
      </Fact>
      <Fact name={t('contact')}>
        <a href={`mailto:${institution.email}`} translate="no">
          {institution.email}
        </a>
      </Fact>
      <Fact name={t('address')}>
        <span translate="no" className="[overflow-wrap:anywhere]">
          {receipt.id}
        </span>
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
