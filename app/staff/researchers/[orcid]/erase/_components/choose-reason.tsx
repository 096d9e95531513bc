import { getTranslations } from 'next-intl/server'
import { staffErasureReasons } from '@/lib/retention/erasure'

const goes = ['person', 'grants', 'sessions'] as const
const stays = ['tombstone', 'events', 'objection', 'role', 'copies'] as const

/** The first step: what goes, what stays, and why it is done. Leads to the second by the address alone. */
export async function ChooseReason({ orcid }: { orcid: string }) {
  const t = await getTranslations('staff.erase')
  const path = `/staff/researchers/${orcid}`
  return (
    <>
      <section aria-labelledby="goes" className="space-y-2">
        <h2 id="goes">{t('goesTitle')}</h2>
        <ul className="list-disc space-y-1 ps-5">
          {goes.map((item) => (
            <li key={item}>{t(`goes.${item}`)}</li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="stays" className="space-y-2">
        <h2 id="stays">{t('staysTitle')}</h2>
        <ul className="list-disc space-y-1 ps-5">
          {stays.map((item) => (
            <li key={item}>{t(`stays.${item}`)}</li>
          ))}
        </ul>
      </section>
      <form method="get" action={`${path}/erase`} className="space-y-5">
        <fieldset className="space-y-2">
          <legend className="mb-2 font-semibold">{t('reason')}</legend>
          {staffErasureReasons.map((reason) => (
            <label key={reason} className="flex min-h-7 items-center gap-3">
              <input type="radio" name="reason" value={reason} required className="size-5 shrink-0" />
              {t(`reasons.${reason}`)}
            </label>
          ))}
        </fieldset>
        <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
          <button type="submit" className="btn btn-quiet">
            {t('goOn')}
          </button>
          <a href={path}>{t('back')}</a>
        </div>
      </form>
    </>
  )
}
