import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { ReasonField } from '@/app/staff/conflicts/_components/reason-field'
import type { StaffActor } from '@/lib/actor'
import { isOnTheRoster } from '@/lib/people/person'
import { findPerson, type ShownPerson } from '@/lib/people/queries'
import { detailCharsMax } from '@/lib/researchers/details'
import { may } from '@/lib/staff/abilities'

type Props = { actor: StaffActor; personId: string; result: string | null }

/** Whether this is the same person as another entry, and whether the iD is theirs: what a manager can say about it. */
export async function IdentityForms({ actor, personId, result }: Props) {
  const person = may(actor, 'decideIdentity') ? await findPerson(actor, personId) : null
  if (!person) return null
  const t = await getTranslations('staff.identity')
  return (
    <section aria-labelledby="identity-title" id="identity" className="card no-print space-y-3">
      <h2 id="identity-title">{t('title')}</h2>
      {result && t.has(`results.${result}`) ? (
        <Notice tone={result === 'split' || result === 'bound' ? 'good' : 'warn'}>{t(`results.${result}`)}</Notice>
      ) : null}
      <SamePerson person={person} />
      {person.orcid && isOnTheRoster(person) ? <WrongId person={person} /> : null}
    </section>
  )
}

async function SamePerson({ person }: { person: ShownPerson }) {
  const t = await getTranslations('staff.identity')
  return (
    <details>
      <summary className="inline-flex min-h-6 items-center text-accent underline">{t('same.title')}</summary>
      <form method="post" action="/staff/conflicts/opening" className="mt-3 space-y-3">
        <input type="hidden" name="person" value={person.id} />
        <p>{t('same.means')}</p>
        <div className="space-y-1">
          <label htmlFor="same-local-id" className="block font-medium">
            {t('same.number')}
          </label>
          <input
            id="same-local-id"
            name="local_id"
            type="text"
            required
            maxLength={detailCharsMax}
            dir="auto"
            autoComplete="off"
            className="input w-full max-w-[24rem]"
          />
        </div>
        <button type="submit" className="btn btn-quiet">
          {t('same.button')}
        </button>
      </form>
    </details>
  )
}

async function WrongId({ person }: { person: ShownPerson }) {
  const t = await getTranslations('staff.identity')
  return (
    <details>
      <summary className="inline-flex min-h-6 items-center text-accent underline">{t('split.title')}</summary>
      <form method="post" action="/staff/conflicts/split" className="mt-3 space-y-3">
        <input type="hidden" name="person" value={person.id} />
        <p>{t('split.means')}</p>
        <ReasonField id="split-reason" label={t('split.reason')} />
        <button type="submit" className="btn btn-danger">
          {t('split.button')}
        </button>
      </form>
    </details>
  )
}
