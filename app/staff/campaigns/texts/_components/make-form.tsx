import { getTranslations } from 'next-intl/server'
import { field, SelectMenu } from '@/app/staff/_components/fields'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import { readSavedForm, type SavedFields } from '@/lib/auth/saved-form'
import { templateNameMax } from '@/lib/mail/mail-text'
import type { MailTemplate } from '@/lib/mail/templates'

type Props = {
  templates: readonly MailTemplate[]
  from: string | null
  /** What was typed before the session ended. */
  kept: SavedFields | null
}

/** Makes a template of the institution's own from another. */
export async function MakeForm({ templates, from, kept }: Props) {
  const t = await getTranslations('staff.mailTexts.make')
  return (
    <section aria-labelledby="make" className="space-y-3">
      <h2 id="make">{t('title')}</h2>
      <p className="max-w-[65ch] text-ink-soft">{t('hint')}</p>
      {kept ? <RestoredInputNotice /> : null}
      <form method="post" action="/staff/campaigns/texts/own" className="no-print max-w-[24rem] space-y-4">
        <label className="block space-y-1">
          <span className="note block">{t('name')}</span>
          <input
            name="name"
            required
            maxLength={templateNameMax}
            autoComplete="off"
            dir="auto"
            defaultValue={readSavedForm(kept, 'name')}
            className={field}
          />
        </label>
        <SelectMenu
          name="from"
          label={t('from')}
          options={templates.map(({ key, name }) => ({ value: key, words: name }))}
          value={readSavedForm(kept, 'from') ?? from}
        />
        <button type="submit" className="btn btn-primary">
          {t('button')}
        </button>
      </form>
    </section>
  )
}
