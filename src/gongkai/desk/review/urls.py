"""The addresses of the review room."""

from django.urls import path

from gongkai.desk.review import consulted, delegating, drafts, inbox, page, submitting

urlpatterns = [
    path("reviews/", inbox.inbox, name="reviews"),
    path("reviews/all/", inbox.listing, name="reviews-all"),
    path("reviews/submit/<str:kind>/<str:key>/", submitting.submit, name="review-submit"),
    path("reviews/authorise/", delegating.authorise, name="review-authorise"),
    path("reviews/consulted/<int:pk>/", consulted.party, name="review-party"),
    path("reviews/<int:pk>/", page.run, name="review"),
    path("reviews/<int:pk>/sheet/", page.sheet, name="review-sheet"),
    path("reviews/<int:pk>/drafts/", drafts.compare, name="review-drafts"),
]
