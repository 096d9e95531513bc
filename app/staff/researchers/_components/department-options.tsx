'use client'

/** What a field offers while one types. The browser is sent the names a second time, and not an element for each. */
export function DepartmentOptions({ id, names }: { id: string; names: readonly string[] }) {
  return (
    <datalist id={id}>
      {names.map((name) => (
        <option key={name} value={name} />
      ))}
    </datalist>
  )
}
