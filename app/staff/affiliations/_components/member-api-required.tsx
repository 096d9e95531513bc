import { getTranslations } from 'next-intl/server'

const adds = ['ask', 'read', 'write'] as const

/** Why a portal with Public API credentials offers nothing here, and what Member API credentials would add. */
export async function MemberApiRequired() {
  const t = await getTranslations('staff.memberOnly')
  return (
    <div className="max-w-[40rem] space-y-6">
      <h1>{t('title')}</h1>
      <p>{t('why')}</p>
      <section aria-labelledby="adds" className="space-y-2">
        <h2 id="adds">{t('addsTitle')}</h2>
        <p>{t('addsLead')}</p>
        <ul className="list-disc space-y-1 ps-5">
          {adds.map((each) => (
            <li key={each}>{t(`adds.${each}`)}</li>
          ))}
        </ul>
      </section>
      <p>{t('stays')}</p>
      <p className="no-print">
        <a href="/staff/researchers" className="btn btn-primary">
          {t('toPeople')}
        </a>
      </p>
    </div>
  )
}
