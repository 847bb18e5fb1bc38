// One address of each kind of page that is measured, over any archive: of the
// first hit of a query, and of the first hit that has slides.
export async function measured(url, query) {
  const first = async (q) => {
    const { hits } = await (await fetch(`${url}/api/v1/search?limit=1&q=${encodeURIComponent(q)}`)).json();
    return hits[0];
  };
  const hit = await first(query);
  if (!hit) throw new Error(`no talk is found for ${query}: name another query`);
  const list = [
    ['home', '/'],
    ['results', `/search?q=${encodeURIComponent(query)}`],
    ['talk', `/${hit.id}`],
  ];
  const shown = await first('has:slides');
  if (shown) list.push(['slide', `/${shown.id}/slides/2`]);
  else console.log('no talk here has slides: the slide page is left out');
  list.push(['edition', `/${hit.edition.id}`]);
  if (hit.speakers.length) list.push(['person', `/people/${hit.speakers[0].id}`]);
  return list;
}
