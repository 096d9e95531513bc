import { Search } from 'lucide-react'
import { getTranslations } from 'next-intl/server'

/** A field for the reference that somebody quotes. Leads to the attempt that has it, however it was typed. */
export async function ReferenceForm({ given = '' }: { given?: string }) {
  const t = await getTranslations('staff.lookUp')
  return (
    <search>
      <form method="get" action="/staff/attempts/look-up" className="no-print space-y-1">
        <label htmlFor="reference" className="font-medium">
          {t('label')}
        </label>
        <p id="reference-hint" className="note">
          {t('hint')}
        </p>
        <div className="flex flex-wrap gap-2">
          <input
            id="reference"
            name="reference"
            type="text"
            required
            maxLength={60}
            defaultValue={given}
            placeholder="7K2M-Q9XD"
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            aria-describedby="reference-hint"
            className="input mono w-52"
          />
          <button type="submit" className="btn btn-quiet">
            <Search size={20} />
            {t('button')}
          </button>
        </div>
      </form>
    </search>
  )
}
