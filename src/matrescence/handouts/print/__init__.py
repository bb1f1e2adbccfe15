"""What is printed: the plan for the ward, the mother's feeding handout, and the report of one infusion, as PDF.

Each document is a pair: ``plan.py`` gathers plain data, ``plan.typ`` lays it out, ``compile.py`` joins the two.  The
data goes in as a JSON file and is never pasted into source, so that no name can become markup.  Needs the optional
package ``typst``; nothing here imports it before a document is asked for.
"""
