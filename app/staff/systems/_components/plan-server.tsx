import { getTranslations } from 'next-intl/server'
import { CopyField } from '@/app/staff/_components/copy-field'
import { Fact, Facts } from '@/app/staff/_components/facts'
import { PlanAction } from '@/app/staff/systems/_components/plan-action'
import type { Plan } from '@/lib/exports/plan-queries'

/** The SFTP server of a plan: our key for it, and the host key that was confirmed or is to be. */
export async function PlanServer({ systemId, plan }: { systemId: string; plan: Plan }) {
  const t = await getTranslations('staff.systems.files')
  const words = await getTranslations('staff.systems.key')
  const { id: planId, host, port, username, path, hostKey, offeredHostKey, publicKey } = plan
  const mono = 'mono [overflow-wrap:anywhere]'
  const isNew = offeredHostKey !== null && offeredHostKey !== hostKey
  const isOver = plan.state === 'ended'
  return (
    <section aria-labelledby="server" className="space-y-4">
      <h2 id="server">{t('server')}</h2>
      <Facts label={t('server')}>
        <Fact name={t('fields.host')}>
          <span translate="no" className={mono}>
            {username}@{host}:{port}
          </span>
        </Fact>
        <Fact name={t('fields.path')}>
          <span translate="no" className={mono}>
            {path}
          </span>
        </Fact>
        <Fact name={t('hostKey')}>
          <span translate="no" className={mono}>
            {hostKey ?? t('hostKeyNone')}
          </span>
        </Fact>
      </Facts>
      {isNew ? (
        <div className="card space-y-3">
          <p className="font-medium">{t(hostKey ? 'offeredOther' : 'offered')}</p>
          <p translate="no" className={mono}>
            {offeredHostKey}
          </p>
          <p className="note">{t('offeredHint')}</p>
          {isOver ? null : (
            <PlanAction systemId={systemId} planId={planId} action="trust" hostKey={offeredHostKey} isSure />
          )}
        </div>
      ) : null}
      {plan.hasKey && publicKey ? (
        <div className="space-y-1">
          <CopyField label={t('publicKey')} value={publicKey} copy={words('copy')} copied={words('copied')} />
          <p className="note">{t('publicKeyHint')}</p>
        </div>
      ) : null}
      {isOver ? null : (
        <div className="no-print space-y-3">
          <PlanAction systemId={systemId} planId={planId} action="check" />
          <PlanAction systemId={systemId} planId={planId} action="key" isSure />
        </div>
      )}
    </section>
  )
}
