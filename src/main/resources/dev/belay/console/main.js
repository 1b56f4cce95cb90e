// The one entry: it defines every element, and the page's only element does the rest.
import "./app.js";
