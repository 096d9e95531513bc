import { getTranslations } from 'next-intl/server'
import { Fold } from '@/app/_components/fold'
import { When } from '@/app/_components/when'
import { AskedItem, canRemove } from '@/app/me/_components/my-item'
import type { ShownAffiliation } from '@/lib/affiliations/queries'
import { env } from '@/lib/config/env'
import type { MyPerson } from '@/lib/people/queries'

/** Whom the institution takes the researcher for, and why, with a way to say that it is wrong. */
export async function KnownAs({ person }: { person: MyPerson }) {
  const t = await getTranslations('me.knownAs')
  const details = await getTranslations('me.details')
  const { name, localId, department, kind, confirmedAt } = person
  const facts = [
    [details('localId'), localId],
    [details('department'), department],
    [t('kind'), kind && t(`kinds.${kind}`)],
  ] as const
  const title = t.rich('title', {
    institution: env().institution.name,
    hasName: name ? 'yes' : 'no',
    name: () => (
      <bdi key="name" translate="no">
        {name}
      </bdi>
    ),
  })
  return (
    <Fold id="known-as" title={title}>
      <div className="card space-y-3">
        <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-[10rem_1fr]">
          {facts.map(([label, value]) =>
            value ? (
              <div key={label} className="sm:contents">
                <dt className="text-ink-soft">{label}</dt>
                <dd className="[overflow-wrap:anywhere]">
                  <bdi translate="no">{value}</bdi>
                </dd>
              </div>
            ) : null,
          )}
        </dl>
        <Because person={person} />
        {confirmedAt ? (
          <p className="note">
            {t.rich('confirmed', { when: () => <When key="when" at={confirmedAt} show="time" /> })}
          </p>
        ) : null}
        <p className="note">{t('wrong')}</p>
        <div className="no-print space-y-3">
          <p>{t('notMeMeans')}</p>
          <Answer action="refuse" person={person} look="btn btn-danger">
            {t('notMe')}
          </Answer>
        </div>
      </div>
    </Fold>
  )
}

type Asked = { person: MyPerson; items: ShownAffiliation[]; mayWrite: boolean }

/** "Are you Anna Müller, Physics? Are these entries right?" Shows no more of the person than that. */
export async function BindingQuestion({ person, items, mayWrite }: Asked) {
  const t = await getTranslations('me.question')
  const { name, department } = person
  return (
    <section id="known-as" aria-labelledby="known-as-title" className="card space-y-4">
      <h2 id="known-as-title" className="[overflow-wrap:anywhere]">
        {t.rich('title', {
          name: () =>
            name ? (
              <bdi key="name" translate="no">
                {name}
              </bdi>
            ) : (
              t('somebody')
            ),
          hasDepartment: department ? 'yes' : 'no',
          department: () => (
            <bdi key="department" translate="no">
              {department}
            </bdi>
          ),
        })}{' '}
        {items.length > 0 ? t('entries', { count: items.length }) : null}
      </h2>
      <Because person={person} />
      <p>{t('nothingYet')}</p>
      {items.length > 0 ? (
        <>
          <p>{t('written', { count: items.length })}</p>
          <ul className="card card-list">
            {items.map((item) => (
              <AskedItem key={item.id} item={item} />
            ))}
          </ul>
          {canRemove() ? (
            <p id="wrong-means" className="note">
              {t('wrongMeans')}
            </p>
          ) : null}
          {mayWrite ? null : <p>{t('needsPermission')}</p>}
        </>
      ) : null}
      <div className="no-print flex flex-wrap gap-3">
        <Answer action="confirm" person={person} look="btn btn-primary">
          {t('yes')}
        </Answer>
        <Answer action="refuse" person={person} look="btn btn-quiet">
          {t('no')}
        </Answer>
      </div>
      <p className="note">{t('noMeans')}</p>
    </section>
  )
}

async function Because({ person: { proof, madeAt } }: { person: MyPerson }) {
  const t = await getTranslations('me.knownAs')
  return (
    <p className="text-ink-soft">
      {t.rich(`because.${proof}`, { when: () => <When key="when" at={madeAt} show="date" /> })}
    </p>
  )
}

type AnswerProps = { action: 'confirm' | 'refuse'; person: MyPerson; look: string; children: string }

function Answer({ action, person: { id }, look, children }: AnswerProps) {
  return (
    <form method="post" action={`/me/person/${action}`}>
      <input type="hidden" name="person" value={id} />
      <button type="submit" className={look}>
        {children}
      </button>
    </form>
  )
}
