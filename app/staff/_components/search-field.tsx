import { Search } from 'lucide-react'
import { getTranslations } from 'next-intl/server'
import { field } from '@/app/staff/_components/fields'

/** The field that looks through all that the rows of a list show, with the button that also applies its filters. */
export async function SearchField({ label, q }: { label: string; q: string }) {
  const t = await getTranslations('staff.list')
  return (
    <div className="flex items-end gap-3">
      {/* On a telephone there is no room for it within the field. */}
      <label className="min-w-0 flex-1">
        <span className="note mb-1 block sm:sr-only">{label}</span>
        <span className="relative block">
          <Search size={20} className="-translate-y-1/2 absolute start-3 top-1/2 text-ink-soft" />
          <input
            type="search"
            name="q"
            defaultValue={q}
            maxLength={200}
            placeholder={label}
            aria-keyshortcuts="/"
            className={`${field} ps-10 max-sm:placeholder:text-transparent`}
          />
        </span>
      </label>
      <button type="submit" className="btn btn-primary px-6 max-sm:px-4">
        {t('apply')}
      </button>
    </div>
  )
}
