(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  var findings = Array.prototype.slice.call(document.querySelectorAll(".f"));
  var search = document.getElementById("q");
  var selects = Array.prototype.slice.call(document.querySelectorAll("select[data-key]"));
  var shown = document.getElementById("shown");
  function apply() {
    var words = search ? search.value.toLowerCase().split(/\s+/) : [];
    findings.forEach(function (f) {
      var text = f.textContent.toLowerCase();
      var hit = words.every(function (w) { return text.indexOf(w) !== -1; });
      hit = selects.every(function (s) { return s.value === "" || f.getAttribute("data-" + s.getAttribute("data-key")) === s.value; }) ? hit : false;
      f.classList.toggle("hide", !hit);
    });
    count();
  }
  function count() {
    if (shown) { shown.textContent = String(findings.filter(function (f) { return f.offsetParent !== null; }).length); }
  }
  function openTarget() {
    var at = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (at) { if (at.tagName === "DETAILS") { at.open = true; at.classList.remove("hide"); at.scrollIntoView(); } }
  }
  if (search) { search.addEventListener("input", apply); }
  selects.forEach(function (s) { s.addEventListener("change", apply); });
  document.querySelectorAll(".filter input[type=checkbox]").forEach(function (c) { c.addEventListener("change", count); });
  document.querySelectorAll("button[data-open]").forEach(function (b) {
    b.addEventListener("click", function () {
      findings.forEach(function (f) { f.open = b.getAttribute("data-open") === "true"; });
    });
  });
  window.addEventListener("hashchange", openTarget);
  window.addEventListener("beforeprint", function () { findings.forEach(function (f) { f.open = true; }); });
  openTarget();
  count();
})();
