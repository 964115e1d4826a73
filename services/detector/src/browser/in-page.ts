/** Runs inside the pages that are looked at, as text. */
export const toldInPage = `(() => {
  const robots = [...document.querySelectorAll('meta[name]')]
    .filter((meta) => /^(robots|googlebot)$/i.test(meta.name))
    .slice(0, 10)
    .map((meta) => String(meta.content).toLowerCase().slice(0, 200))
  const link = document.head && document.head.querySelector('link[rel~="canonical" i][href]')
  return { robots, canonical: link ? String(link.href).slice(0, 2048) : null }
})()`
