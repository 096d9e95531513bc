type Rgb = [number, number, number]

// The surfaces in app/_theme/tokens.css with the lowest contrast.
const grounds = { light: [238, 240, 242] as Rgb, dark: [35, 39, 44] as Rgb }
/** WCAG 2.2, success criterion 1.4.3. */
const contrastMin = 4.5

/** Darkens or lightens the accent until its contrast reaches 4.5. Returns null for anything but `#rrggbb`. */
export function readableAccents(text: string): { light: string; dark: string } | null {
  if (!/^#[0-9a-f]{6}$/i.test(text)) return null
  const rgb = [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16)) as Rgb
  return { light: toHex(shade(rgb, grounds.light, 0)), dark: toHex(shade(rgb, grounds.dark, 255)) }
}

function shade(rgb: Rgb, ground: Rgb, towards: number): Rgb {
  for (let step = 0; step <= 20; step++) {
    const mixed = rgb.map((channel) => Math.round(channel + ((towards - channel) * step) / 20)) as Rgb
    if (contrast(mixed, ground) >= contrastMin) return mixed
  }
  return [towards, towards, towards]
}

function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((channel) => {
    const part = channel / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function toHex(rgb: Rgb): string {
  return `#${rgb.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}
