/* Improvements nobody needs: every page works without this file. CSP: script-src 'self'. */
;(() => {
  'use strict'

  keepTimesFresh()
  askBeforeSubmitting()
  submitOnce()
  showPasswords()
  copyTexts()
  followRun()
  filterLongSelects()
  searchAsOneTypes()
  changeTheme()
  document.querySelector('[data-error-summary]')?.focus()

  /** «3 минуты назад» stays true while the page is open; older times stay as the server wrote them. */
  function keepTimesFresh() {
    const relative = new Intl.RelativeTimeFormat('ru', { numeric: 'always' })
    const tick = () => {
      for (const time of document.querySelectorAll('time[data-relative]')) {
        const seconds = (Date.now() - new Date(time.dateTime)) / 1000
        if (seconds < 45) time.textContent = 'только что'
        else if (seconds < 3600)
          time.textContent = relative.format(-Math.max(1, Math.round(seconds / 60)), 'minute')
        else if (seconds < 86400)
          time.textContent = relative.format(-Math.round(seconds / 3600), 'hour')
      }
    }
    setInterval(tick, 30000)
  }

  /** `<form data-confirm="id of a dialog">`; without this script the form is sent at once. */
  function askBeforeSubmitting() {
    for (const form of document.querySelectorAll('form[data-confirm]')) {
      const dialog = document.getElementById(form.dataset.confirm)
      if (!dialog?.showModal) continue
      form.addEventListener('submit', (event) => {
        if (form.dataset.confirmed) return
        event.preventDefault()
        dialog.showModal()
      })
      dialog.addEventListener('close', () => {
        if (dialog.returnValue !== 'yes') return
        form.dataset.confirmed = '1'
        form.requestSubmit()
      })
    }
  }

  /** A second click does not send a form twice; Back finds the buttons alive again. */
  function submitOnce() {
    document.addEventListener('submit', (event) => {
      const button = event.submitter
      if (event.defaultPrevented || !button || event.target.method !== 'post') return
      setTimeout(() => {
        button.disabled = true
        button.setAttribute('aria-busy', 'true')
      }, 0)
    })
    window.addEventListener('pageshow', () => {
      for (const button of document.querySelectorAll('button[aria-busy]')) {
        button.disabled = false
        button.removeAttribute('aria-busy')
      }
    })
  }

  function showPasswords() {
    for (const button of document.querySelectorAll('[data-toggle-password]')) {
      const input = document.getElementById(button.dataset.togglePassword)
      button.hidden = false
      button.addEventListener('click', () => {
        const show = input.type === 'password'
        input.type = show ? 'text' : 'password'
        button.setAttribute('aria-pressed', String(show))
        button.textContent = show ? 'Скрыть пароль' : 'Показать пароль'
      })
    }
  }

  /** Copying needs a secure context; where there is none the button stays hidden. */
  function copyTexts() {
    if (!navigator.clipboard) return
    for (const button of document.querySelectorAll('[data-copy]')) {
      button.hidden = false
      button.addEventListener('click', async () => {
        await navigator.clipboard.writeText(
          document.getElementById(button.dataset.copy).textContent.trim(),
        )
        if (button.nextElementSibling) button.nextElementSibling.textContent = 'Скопировано'
      })
    }
  }

  /** Figures of a sync run as it goes; whatever else changes is on the page once it is loaded anew. */
  function followRun() {
    const run = document.querySelector('[data-run]')
    if (!run || !window.EventSource) return
    let spoken = 0
    const source = new window.EventSource(run.dataset.run)
    const reload = () => window.location.reload()

    source.addEventListener('message', ({ data }) => {
      const now = JSON.parse(data)
      if (now.state !== run.dataset.state || needsNewPage(now)) return reload()
      show(now)
      if (Date.now() - spoken < 10000) return
      document.getElementById('run-live').textContent = now.text
      spoken = Date.now()
    })
    source.addEventListener('end', () => {
      source.close()
      reload()
    })
    // The server wants no stream of this tab: look again now and then.
    source.addEventListener('error', () => {
      if (source.readyState === window.EventSource.CLOSED) setTimeout(reload, 15000)
    })
    window.addEventListener('pagehide', () => source.close())

    /** The plan is there now: there is a bar to be filled. */
    function needsNewPage({ total }) {
      return total > 0 && !run.querySelector('[data-bind=done]')
    }

    function show(now) {
      for (const place of run.querySelectorAll('[data-bind]'))
        place.textContent = now[place.dataset.bind] ?? place.textContent
      const bar = run.querySelector('progress')
      if (now.total > 0) {
        bar.max = now.total
        bar.value = now.done
        bar.setAttribute('aria-label', `Выполнено изменений: ${now.done} ${now.of}`)
        document.title = document.title.replace(/: .* —/, `: ${now.done} из ${now.total} —`)
      }
      run.querySelector('[data-now]').hidden = !now.item
      showStages(now.stages)
      const failures = run.querySelector('[data-failures]')
      failures.hidden = now.failed === 0
      run.querySelector('[data-new-failures]').hidden =
        now.failed <= Number(failures.dataset.failures)
    }

    function showStages(stages) {
      const icons = { done: 'bi-check-circle-fill', now: 'bi-arrow-repeat spin', todo: 'bi-circle' }
      run.querySelectorAll('[data-stages] > li').forEach((line, index) => {
        const { state, text, figure } = stages[index]
        line.className = state
        if (state === 'now') line.setAttribute('aria-current', 'step')
        else line.removeAttribute('aria-current')
        draw(line.querySelector('svg'), icons[state])
        line.children[1].textContent = text
        line.children[2].textContent = figure
      })
    }
  }

  /** Another icon of the same sprite, as the server draws it. */
  function draw(svg, icon) {
    const use = svg.firstElementChild
    const [name] = icon.split(' ')
    svg.setAttribute('class', `bi ${icon}`)
    use.setAttribute('href', use.getAttribute('href').replace(/#.*/, name.replace('bi-', '#')))
  }

  /** A field above a long select leaves the options that contain what is typed; what is chosen stays. */
  function filterLongSelects() {
    for (const field of document.querySelectorAll('[data-filters]')) {
      const select = document.getElementById(field.dataset.filters)
      if (!select) continue
      const all = [...select.children].map((child) => child.cloneNode(true))
      field.hidden = false
      field.addEventListener('input', () => {
        const words = field.value.toLowerCase().split(/\s+/)
        const chosen = select.value
        const fits = ({ value, text }) =>
          value === '' ||
          value === chosen ||
          words.every((word) => text.toLowerCase().includes(word))
        select.replaceChildren(...all.map((child) => thinned(child, fits)).filter(Boolean))
        select.value = chosen
      })
    }
  }

  /** `<form data-live="id">`: what is typed or chosen is looked for at once, by the page the form would open. */
  function searchAsOneTypes() {
    for (const form of document.querySelectorAll('form[data-live]')) {
      let waiting = 0
      let asking = new AbortController()
      const look = async () => {
        asking.abort()
        asking = new AbortController()
        const place = document.getElementById(form.dataset.live)
        const query = new URLSearchParams(new FormData(form))
        for (const [name, value] of [...query]) if (!value) query.delete(name)
        const url = `${form.action}?${query}`
        place.setAttribute('aria-busy', 'true')
        try {
          const answer = await fetch(url, { signal: asking.signal })
          if (!answer.ok || answer.redirected) return form.submit()
          const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
          const found = page.getElementById(place.id)
          if (!found) return form.submit()
          place.replaceChildren(...found.childNodes)
          window.history.replaceState(null, '', url)
          place.removeAttribute('aria-busy')
        } catch (error) {
          if (error.name !== 'AbortError') form.submit()
        }
      }
      form.addEventListener('input', () => {
        clearTimeout(waiting)
        waiting = setTimeout(look, 250)
      })
    }
  }

  /** The page stays as it is, with what is typed in it. */
  function changeTheme() {
    const form = document.querySelector('form.theme')
    form?.addEventListener('submit', (event) => {
      const { value } = event.submitter
      event.preventDefault()
      fetch(form.action, {
        method: 'post',
        body: new URLSearchParams({ theme: value }),
        redirect: 'manual',
      })
      if (value === 'auto') delete document.documentElement.dataset.theme
      else document.documentElement.dataset.theme = value
      document.querySelector('meta[name=color-scheme]').content =
        value === 'auto' ? 'light dark' : value
      for (const button of form.querySelectorAll('button'))
        button.setAttribute('aria-pressed', String(button === event.submitter))
    })
  }

  function thinned(child, fits) {
    if (child.tagName === 'OPTION') return fits(child) ? child.cloneNode(true) : null
    const group = child.cloneNode(true)
    for (const option of [...group.children]) if (!fits(option)) option.remove()
    return group.children.length > 0 ? group : null
  }
})()
