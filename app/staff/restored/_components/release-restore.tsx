import { getTranslations } from 'next-intl/server'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'

type Props = { mayRelease: boolean; isChecked: boolean }

/** What to look at before, what happens then, and the button for those who may. */
export async function ReleaseRestore({ mayRelease, isChecked }: Props) {
  const t = await getTranslations('staff.restored')
  return (
    <section aria-labelledby="release" className="space-y-4">
      <h2 id="release">{t('release')}</h2>
      <p>{t('before')}</p>
      <ul className="list-disc space-y-2 ps-5">
        <li>{t('only')}</li>
        <li>{t.rich('team', { link: (text) => <a href="/staff/team">{text}</a> })}</li>
        <li>{t('people')}</li>
      </ul>
      <p>{t('then')}</p>
      {mayRelease && isChecked ? (
        <form method="post" action="/staff/restored/release" className="space-y-5">
          <ConfirmCheckbox>{t('sure')}</ConfirmCheckbox>
          <button type="submit" className="btn btn-primary">
            {t('button')}
          </button>
        </form>
      ) : null}
      {mayRelease ? null : <p>{t('admins')}</p>}
    </section>
  )
}
