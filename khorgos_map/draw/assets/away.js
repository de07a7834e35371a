// While the server is away the page says so in its own words (page.css), and the map goes on. Streamlit's dialog would
// make the whole page inert, so it is closed as soon as it opens; it does not open again until the server is back.
(function (K) {
  "use strict";
  const AWAY = '[data-testid="stApp"]:not([data-test-connection-state="CONNECTED"])';

  K.watchConnection = (page) => {
    const dismiss = () => {
      if (page.querySelector(AWAY)) page.querySelector('[data-testid="stDialog"] [role="dialog"] > button')?.click();
    };
    new MutationObserver(dismiss).observe(page.body, { childList: true });
    dismiss();
  };
})(window.Khorgos);
